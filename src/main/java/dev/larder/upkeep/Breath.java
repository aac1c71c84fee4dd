package dev.larder.upkeep;

import java.time.Duration;

/** Lets somebody who works slowly rest. */
@FunctionalInterface
public interface Breath {
  /** Waits so long at most; false when there is nothing more to do because everything ends. */
  boolean take(Duration rest);
}
