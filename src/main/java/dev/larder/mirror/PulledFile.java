package dev.larder.mirror;

import dev.larder.content.EntryPath;

/** One file of a pull. {@code sizeBytes} is -1 when the hub did not say. */
public record PulledFile(EntryPath path, long sizeBytes, State state) {
  /** What became of it, or would. */
  public enum State {
    /** Was here already, verified. */
    CACHED,
    /** Was fetched by this pull. */
    FETCHED,
    /** Is not here; the plan, or a dry run, says so. */
    MISSING
  }
}
