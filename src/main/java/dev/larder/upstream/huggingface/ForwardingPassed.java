package dev.larder.upstream.huggingface;

import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/** An answer that is another one, but for what a subclass does to it on its way. */
public abstract class ForwardingPassed implements Passed {
  private final Passed passed;

  protected ForwardingPassed(Passed passed) {
    this.passed = passed;
  }

  @Override
  public int status() {
    return passed.status();
  }

  @Override
  public String contentType() {
    return passed.contentType();
  }

  @Override
  public Map<String, String> headers() {
    return passed.headers();
  }

  @Override
  public Optional<String> nextQuery() {
    return passed.nextQuery();
  }

  @Override
  public long sizeBytes() {
    return passed.sizeBytes();
  }

  @Override
  public void writeTo(OutputStream out) {
    passed.writeTo(out);
  }

  @Override
  public void close() {
    passed.close();
  }
}
