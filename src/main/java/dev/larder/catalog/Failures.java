package dev.larder.catalog;

import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Words for what a database refuses, and which refusals mean that the file itself is damaged. */
final class Failures {
  private Failures() {}

  static CatalogException of(String what, String where, Throwable cause) {
    return new CatalogException(
        "Tried to %s in the catalog %s but %s; %s."
            .formatted(what, where, reason(cause), remedy(cause)),
        cause);
  }

  /** Whether the file is no sound database, so that trying again cannot help. */
  static boolean damaged(Throwable cause) {
    return switch (primary(cause)) {
      case 11, 26 -> true; // SQLITE_CORRUPT, SQLITE_NOTADB
      default -> false;
    };
  }

  private static String reason(Throwable cause) {
    SQLException sql = root(cause);
    String message = String.valueOf(sql == null ? cause.getMessage() : sql.getMessage());
    return message.endsWith(".") ? message.substring(0, message.length() - 1) : message;
  }

  private static String remedy(Throwable cause) {
    return switch (primary(cause)) {
      case 5, 6 -> "another process holds it, try again"; // BUSY, LOCKED
      case 8, 3, 14 -> "make its directory writable for this user"; // READONLY, PERM, CANTOPEN
      case 11, 26 -> "start Larder again: it sets the file aside and rebuilds it from the files";
      case 13 -> "free some space on its disk"; // FULL
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

  private static @org.jspecify.annotations.Nullable SQLException root(Throwable cause) {
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof SQLException sql) {
        return sql;
      }
    }
    return null;
  }
}
