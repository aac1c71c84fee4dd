package dev.larder.upstream.huggingface;

import java.io.OutputStream;
import java.util.Map;
import java.util.Optional;

/**
 * The hub's answer to a {@link PassRequest}, its body still to come; whatever leads to Xet is left
 * out. For one thread. Close it.
 */
public interface Passed extends AutoCloseable {
  int status();

  String contentType();

  /** The few that clients read, lower-case names. */
  Map<String, String> headers();

  /** The query of the {@code Link: rel="next"} page. */
  Optional<String> nextQuery();

  /** Of the body that {@link #writeTo} writes; -1 when that is not known before. */
  long sizeBytes();

  /**
   * Writes the body as it comes, holding little of it. Throws {@link
   * dev.larder.upstream.UpstreamException} when it breaks off or is not what its head says.
   */
  void writeTo(OutputStream out);

  @Override
  void close();
}
