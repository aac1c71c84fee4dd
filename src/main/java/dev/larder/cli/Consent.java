package dev.larder.cli;

import java.util.Locale;

/** Asks a person before something is done. Where nobody can be asked, {@code --yes} says it. */
record Consent(Desk desk) {
  /** Throws {@link UsageException} where nobody is there to answer. */
  void requireSomebody() {
    if (!desk.terminal().canAsk()) {
      throw new UsageException(
          "Nobody can be asked here whether it is meant; say so with --yes, or look first with --dry-run.");
    }
  }

  /** What the person says to it; as {@link #requireSomebody}. */
  boolean given(String question) {
    requireSomebody();
    desk.terminal().err().print(question + " [y/N] ");
    desk.terminal().err().flush();
    return desk.terminal().answer().strip().toLowerCase(Locale.ROOT).matches("y|yes");
  }
}
