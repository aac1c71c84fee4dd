package dev.larder.app;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;

/** A failure that happened in the server: its own code and words, as if it had happened here. */
final class ServerSaid extends LarderException {
  private static final long serialVersionUID = 1L;

  ServerSaid(String code, String message) {
    super(code, Retry.never(), message, null);
  }
}
