package dev.larder.cli;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;

/** What was typed makes no sense, in a way that only its command can tell. */
final class UsageException extends LarderException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super("bad-usage", Retry.never(), message, null);
  }
}
