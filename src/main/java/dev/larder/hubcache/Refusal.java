package dev.larder.hubcache;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** Words for what a file system refuses. */
final class Refusal {
  private Refusal() {}

  static HubTreeException of(String what, Path root, IOException cause) {
    return new HubTreeException(
        "Tried to %s the cache %s but %s; %s.".formatted(what, root, reason(cause), remedy(cause)),
        cause);
  }

  private static String reason(IOException cause) {
    return switch (cause) {
      case AccessDeniedException e -> "this user may not change " + e.getFile();
      case NoSuchFileException e -> e.getFile() + " is missing";
      case FileSystemException e when e.getReason() != null -> e.getFile() + ": " + e.getReason();
      default -> String.valueOf(cause.getMessage());
    };
  }

  private static String remedy(IOException cause) {
    if (cause instanceof AccessDeniedException) {
      return "make it writable for this user, or choose another root";
    }
    String text = String.valueOf(cause.getMessage()).toLowerCase(Locale.ROOT);
    if (text.contains("no space") || text.contains("quota")) {
      return "free some space on its disk";
    }
    return text.contains("read-only")
        ? "make it writable, or choose another root"
        : "move what is in the way, then try again";
  }
}
