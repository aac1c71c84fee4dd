package dev.larder.upkeep;

/** What it would cost to have a blob's bytes again. */
enum RefetchCost {
  /** The hub gives them to anybody. */
  EASY(1),
  /** Somebody with rights has to ask for them. */
  WITH_RIGHTS(2),
  /** Nobody knows whether the hub has them: they were found on disk, or came from elsewhere. */
  MAYBE_NOT(1);

  private final double factor;

  RefetchCost(double factor) {
    this.factor = factor;
  }

  /** How much longer such a blob may lie unused. */
  double factor() {
    return factor;
  }
}
