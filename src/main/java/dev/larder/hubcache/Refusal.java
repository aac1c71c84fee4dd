package dev.larder.hubcache;

import dev.larder.content.DiskFailure;
import dev.larder.content.FullDisk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Words for what a file system refuses. */
final class Refusal {
  private Refusal() {}

  /** Of a step that changes something, or may. */
  static HubTreeException of(String what, Path root, IOException cause) {
    return of(what, root, cause, "change", "writable");
  }

  /** Of a look. */
  static HubTreeException ofReading(String what, Path root, IOException cause) {
    return of(what, root, cause, "read", "readable");
  }

  private static HubTreeException of(
      String what, Path root, IOException cause, String act, String mode) {
    return new HubTreeException(
        "Tried to %s the cache %s but %s; %s."
            .formatted(what, root, reason(cause, act), remedy(cause, mode)),
        cause);
  }

  private static String reason(IOException cause, String act) {
    return switch (cause) {
      case AccessDeniedException e -> "this user may not %s %s".formatted(act, e.getFile());
      case NoSuchFileException e -> e.getFile() + " is missing";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      default -> DiskFailure.reason(cause);
    };
  }

  private static String remedy(IOException cause, String mode) {
    if (cause instanceof AccessDeniedException) {
      return "make it %s for this user, or choose another root".formatted(mode);
    }
    if (FullDisk.is(cause)) {
      return "free some space on its disk";
    }
    return String.valueOf(cause.getMessage()).contains("Read-only file system")
        ? "make it writable, or choose another root"
        : "move what is in the way, then try again";
  }
}
