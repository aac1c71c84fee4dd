package dev.larder.upstream;

import java.io.IOException;

/** The bytes that came are not HTTP. Becomes {@link UpstreamException.UpstreamLied}. */
final class MalformedAnswer extends IOException {
  private static final long serialVersionUID = 1L;

  MalformedAnswer(String reason) {
    super(reason);
  }
}
