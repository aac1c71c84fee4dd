package dev.larder.serve.openai;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;

/** A part of the request is not what it must be. */
final class BadParameter extends LarderException {
  private static final long serialVersionUID = 1L;

  private final String parameter;

  /** {@code parameter}: its name; empty when it is the request as a whole. */
  BadParameter(String parameter, String message) {
    super("bad-parameter", Retry.never(), message, null);
    this.parameter = parameter;
  }

  String parameter() {
    return parameter;
  }
}
