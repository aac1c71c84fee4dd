package dev.larder.store;

/**
 * Something in the store's own directory that is not as its rows and counters say. {@code subject}:
 * the file or counter. {@code detail}: a sentence. {@code settled}: it is in order by now.
 */
public record Oddity(Kind kind, String subject, String detail, boolean settled) {
  /** What is odd. */
  public enum Kind {
    /** A file among the blobs that no row knows. */
    ORPHAN,
    /** Something among the blobs that is none. */
    STRAY,
    /** What an attempt left in {@code tmp} that nobody works on any more. */
    LEFTOVER,
    /** A counter that says something else than a recount. */
    COUNTER
  }
}
