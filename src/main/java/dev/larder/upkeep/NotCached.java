package dev.larder.upkeep;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;

/** What was named is not in the cache. */
public final class NotCached extends LarderException {
  private static final long serialVersionUID = 1L;

  NotCached(VerifyTarget target) {
    super(
        "not-found",
        Retry.never(),
        "%s is not cached, so there is nothing to check; 'larder ls' lists what is."
            .formatted(target),
        null);
  }

  private NotCached(String message) {
    super("not-found", Retry.never(), message, null);
  }

  static NotCached toRemove(VerifyTarget target) {
    return new NotCached(
        "%s is not cached, so there is nothing to remove; 'larder ls' lists what is."
            .formatted(target));
  }
}
