package dev.larder.catalog;

import dev.larder.content.FullDisk;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Words for what a database refuses, and which refusals mean that the file itself is damaged. */
final class Failures {
  private static final String WRITABLE = "make its directory writable for this user";

  private Failures() {}

  static CatalogException of(String what, String where, Throwable cause) {
    return new CatalogException(
        "Tried to %s the catalog %s but %s; %s."
            .formatted(what, where, reason(cause), remedy(cause)),
        full(cause),
        cause);
  }

  /** SQLite says of a disk without room for its shared memory only that it could not resize it. */
  private static boolean full(Throwable cause) {
    return root(cause) instanceof SQLiteException e
        ? primary(e) == 13 || e.getResultCode() == SQLiteErrorCode.SQLITE_IOERR_SHMSIZE
        : FullDisk.is(cause);
  }

  /** Whether the file is no sound database, so that trying again cannot help. */
  static boolean damaged(Throwable cause) {
    return switch (primary(cause)) {
      case 11, 26 -> true; // SQLITE_CORRUPT, SQLITE_NOTADB
      default -> false;
    };
  }

  /**
   * Whether it may come from wrong bytes in the file: everything but a file that is in use, out of
   * room or out of reach.
   */
  static boolean ofTheFile(Throwable cause) {
    return switch (primary(cause)) {
      case 0, 3, 5, 6, 7, 10, 13, 14 -> false;
      default -> true;
    };
  }

  private static String reason(Throwable cause) {
    if (cause instanceof AccessDeniedException) {
      return "this user may not write there";
    }
    if (cause instanceof NoSuchFileException) {
      return "its directory is missing";
    }
    if (full(cause)) {
      return "its disk is full";
    }
    if (String.valueOf(cause.getMessage()).contains("Is a directory")) {
      return "a directory has its name";
    }
    SQLException sql = root(cause);
    String message = String.valueOf(sql == null ? cause.getMessage() : sql.getMessage());
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String remedy(Throwable cause) {
    if (full(cause)) {
      return "free some space there";
    }
    if (cause instanceof NoSuchFileException) {
      return "create the directory";
    }
    if (String.valueOf(cause.getMessage()).contains("Is a directory")) {
      return "move that directory away";
    }
    if (cause instanceof FileSystemException) {
      return WRITABLE;
    }
    return switch (primary(cause)) {
      case 5, 6 -> "another process holds it, try again"; // BUSY, LOCKED
      case 8, 3, 14 -> WRITABLE; // READONLY, PERM, CANTOPEN
      case 11, 26 -> "start Larder again: it sets the file aside and rebuilds it from the files";
      case 10 -> "look at the disk it lies on"; // IOERR
      default -> "try again";
    };
  }

  /** SQLite's primary result code: the low byte of an extended one. 0 when it is none of SQLite. */
  private static int primary(Throwable cause) {
    if (root(cause) instanceof SQLiteException e) {
      SQLiteErrorCode code = e.getResultCode();
      return code.code & 0xff;
    }
    return 0;
  }

  private static @Nullable SQLException root(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
