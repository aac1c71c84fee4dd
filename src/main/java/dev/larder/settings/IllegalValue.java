package dev.larder.settings;

import org.jspecify.annotations.Nullable;

/** Why a text is not a value of its unit. Becomes a line of a {@link SettingsException}. */
final class IllegalValue extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  IllegalValue(String reason, @Nullable Throwable cause) {
    super(reason, cause);
    this.reason = reason;
  }

  /** Half a sentence that begins with "it". Never holds the text itself. */
  String reason() {
    return reason;
  }
}
