package dev.larder.upkeep;

/** Why a blob may not be evicted. {@code by}: whose pin it is, or empty. */
record Hold(Kind kind, String by) {
  /** In the order in which people want to hear of them. */
  enum Kind {
    PINNED("pinned"),
    IN_FLIGHT("part of a running pull"),
    LEASED("being read"),
    FOREIGN("shared with files that other programs put into the cache directory"),
    FRESH("just stored"),
    STUCK("not removable, see the log");

    private final String words;

    Kind(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  static Hold of(Kind kind) {
    return new Hold(kind, "");
  }

  @Override
  public String toString() {
    return by.isEmpty() ? kind.words() : kind.words() + " by " + by;
  }
}
