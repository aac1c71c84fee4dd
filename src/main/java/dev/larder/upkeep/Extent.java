package dev.larder.upkeep;

/** How much of what is asked for is here. */
enum Extent {
  ALL,
  /** Some files; others are not, or nobody here knows what else belongs to them. */
  SOME,
  NONE;

  static Extent of(boolean here) {
    return here ? ALL : NONE;
  }
}
