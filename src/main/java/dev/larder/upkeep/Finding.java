package dev.larder.upkeep;

/**
 * One thing that is wrong. {@code subject} is what it is wrong with: a blob's digest, a path, a
 * ref. {@code detail} is a sentence.
 */
public record Finding(Kind kind, String subject, String detail, boolean repaired) {
  /** What can be wrong. */
  public enum Kind {
    /** The bytes do not hash to the blob's name. */
    DAMAGED_BLOB,
    /** A blob that should be here is not. */
    MISSING_BLOB,
    /** A snapshot's link leads nowhere. */
    DANGLING_LINK,
    /** A ref holds no commit, or one without a snapshot. */
    TORN_REF,
    /** Something else in a repo's folder that does not belong there. */
    STRAY
  }
}
