package dev.larder.content;

import org.jspecify.annotations.Nullable;

/** The failure that everybody meets who writes, and whose mend is always the same. */
public final class FullDisk {
  private FullDisk() {}

  /** Whether there was no room: on the file system, or within what its user may have there. */
  public static boolean is(@Nullable Throwable failure) {
    String text = failure == null ? "" : String.valueOf(failure.getMessage());
    return text.contains("No space left") || text.contains("quota exceeded");
  }
}
