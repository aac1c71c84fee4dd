package dev.larder.hubcache;

import dev.larder.content.DiskFailure;
import dev.larder.content.FullDisk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Words for what a file system refuses. */
final class Refusal {
  private Refusal() {}

  /** Something asked of files, or done to them. */
  interface Step<T> {
    T run() throws IOException;
  }

  /** A step that changes something, or may; {@code what} goes before {@code the cache}. */
  static <T> T changing(String what, Path root, Step<T> step) {
    return worded(what, root, step, Refusal::of);
  }

  /** A look; {@code what} goes before {@code the cache}. */
  static <T> T reading(String what, Path root, Step<T> step) {
    return worded(what, root, step, Refusal::ofReading);
  }

  private interface Words {
    HubTreeException of(String what, Path root, IOException cause);
  }

  private static <T> T worded(String what, Path root, Step<T> step, Words words) {
    try {
      return step.run();
    } catch (IOException e) {
      throw words.of(what, root, e);
    } catch (InvalidPathException e) {
      throw new HubTreeException(
          "Tried to %s the cache %s but this process cannot write that name; start it in a UTF-8 locale (LC_ALL=C.UTF-8)."
              .formatted(what, root),
          e);
    }
  }

  /** Of a step that changes something, or may. */
  static HubTreeException of(String what, Path root, IOException cause) {
    return of(what, root, cause, "change", "writable");
  }

  /** Of a look. */
  private static HubTreeException ofReading(String what, Path root, IOException cause) {
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
