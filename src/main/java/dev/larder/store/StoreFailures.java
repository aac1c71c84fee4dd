package dev.larder.store;

import dev.larder.content.DiskFailure;
import dev.larder.content.FullDisk;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/** Words for what the file system refused. */
final class StoreFailures {
  private StoreFailures() {}

  /** {@code tried}: a verb and its object, such as "remove blob x". */
  static StoreException.StoreIo of(String tried, IOException e) {
    return new StoreException.StoreIo(
        "Tried to %s but failed: %s; %s.".formatted(tried, DiskFailure.reason(e), remedy(e)), e);
  }

  /** Whether this process lacks the right to write, or the file system takes no writes at all. */
  static boolean readOnly(IOException e) {
    String text = String.valueOf(e.getMessage());
    return e instanceof AccessDeniedException
        || FullDisk.is(e)
        || text.contains("Read-only file system")
        || text.contains("Permission denied");
  }

  /** Whether a file may not have a second name in the store, or not another mode. */
  static boolean refusesSharing(IOException e) {
    String text = String.valueOf(e.getMessage());
    return e instanceof AccessDeniedException
        || text.contains("cross-device link")
        || text.contains("not permitted")
        || text.contains("not supported")
        || text.contains("Permission denied")
        || text.contains("Read-only file system")
        || text.contains("Too many links");
  }

  /** Whether the disk failed to give a file's bytes, not this process, its rights or its limits. */
  static boolean badSector(IOException e) {
    String text = String.valueOf(e.getMessage());
    return text.contains("Input/output error")
        || text.contains("Structure needs cleaning")
        || text.contains("Bad message");
  }

  /** As {@link #of}, for a store that can still be read. */
  static StoreException.StoreReadOnly readOnly(String tried, IOException e) {
    return new StoreException.StoreReadOnly(
        "Tried to %s but failed: %s; %s.".formatted(tried, DiskFailure.reason(e), remedy(e)),
        FullDisk.is(e),
        e);
  }

  private static String remedy(IOException e) {
    String text = String.valueOf(e.getMessage());
    if (FullDisk.is(e)) {
      return "free space on that file system";
    }
    if (text.contains("Is a directory") || text.contains("levels of symbolic links")) {
      return "move away what lies there in its place";
    }
    if (text.contains("Read-only file system")) {
      return "mount the file system for writing or use another root";
    }
    if (text.contains("cross-device") || text.contains("Invalid cross-device link")) {
      return "both must lie on one file system";
    }
    if (e instanceof NoSuchFileException || e instanceof NotDirectoryException) {
      return "choose a root that can be created or exists";
    }
    if (e instanceof AccessDeniedException
        || text.contains("Permission denied")
        || text.contains("not permitted")) {
      return "let the user that runs Larder own that file and its directory";
    }
    return "look at the system's log for the disk, then try again";
  }
}
