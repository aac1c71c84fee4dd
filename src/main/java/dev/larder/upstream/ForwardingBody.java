package dev.larder.upstream;

import java.util.Optional;

/** A body that is another one, but for what a subclass does to its bytes on their way. */
public abstract class ForwardingBody implements RemoteContent.Body {
  private final RemoteContent.Body body;

  protected ForwardingBody(RemoteContent.Body body) {
    this.body = body;
  }

  @Override
  public boolean partial() {
    return body.partial();
  }

  @Override
  public long start() {
    return body.start();
  }

  @Override
  public long end() {
    return body.end();
  }

  @Override
  public long totalBytes() {
    return body.totalBytes();
  }

  @Override
  public Optional<String> validator() {
    return body.validator();
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    return body.read(target, offset, length);
  }

  @Override
  public void close() {
    body.close();
  }
}
