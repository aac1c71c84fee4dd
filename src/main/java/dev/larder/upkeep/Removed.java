package dev.larder.upkeep;

import java.nio.file.Path;

/** What became of a blob that was to be removed. */
public sealed interface Removed {
  /**
   * It is gone. {@code bytes}: what that gave back to the disk; none when somebody else has a name
   * for the file since.
   */
  record Freed(long bytes) implements Removed {}

  /** Somebody reads it: everything stays. */
  record Held() implements Removed {}

  /**
   * Somebody else's: {@code file} leads to it, which Larder did not put there. Everything stays.
   */
  record Foreign(Path file) implements Removed {}

  /** It is not here. */
  record Absent() implements Removed {}
}
