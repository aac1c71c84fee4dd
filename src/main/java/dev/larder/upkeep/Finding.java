package dev.larder.upkeep;

/**
 * One thing that is wrong. {@code subject} is what it is wrong with: a blob's digest, a path, a
 * ref. {@code detail} is a sentence.
 */
public record Finding(Kind kind, String subject, String detail, Outcome outcome) {
  /** What can be wrong. */
  public enum Kind {
    /** The bytes do not hash to the blob's name. */
    DAMAGED_BLOB,
    /** A blob that should be here is not. */
    MISSING_BLOB,
    /** A link leads nowhere, or out of the cache. */
    DANGLING_LINK,
    /** A link leads to other bytes than its commit has there. */
    REWRITTEN_LINK,
    /** A ref holds no commit, or one without a snapshot. */
    TORN_REF,
    /** A file among the store's blobs that no row knew. */
    UNRECORDED_FILE,
    /** What an ended attempt left behind. */
    LEFTOVER,
    /** A counter of the store says something else than a recount. */
    WRONG_COUNTER,
    /** Something else in a repo's folder that does not belong there. */
    STRAY,
    /** What this user may not read, and so was not checked. */
    UNREADABLE
  }

  /** What was done about it. */
  public enum Outcome {
    /** Nothing, or in vain. */
    LEFT,
    /** The wrong bytes were moved away and there is nothing to fetch right ones from. */
    QUARANTINED,
    /** It is sound again. */
    REPAIRED
  }

  public boolean repaired() {
    return outcome == Outcome.REPAIRED;
  }
}
