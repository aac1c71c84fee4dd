package dev.larder.settings;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.util.List;

/** Something that was set cannot be used. One line for each thing that is wrong. */
public final class SettingsException extends LarderException {
  private static final long serialVersionUID = 1L;

  public SettingsException(String problem) {
    super("bad-setting", Retry.never(), problem, null);
  }

  SettingsException(List<String> problems) {
    this(String.join("\n", problems));
  }
}
