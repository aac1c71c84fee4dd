package dev.larder.catalog;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/**
 * Brings a database to the schema of this version. A number in the file says which schema it has,
 * so that an ordinary start asks one question and loads no migration tool. As long as what the
 * files tell is not, or not wholly, written down in it, the number is negative.
 */
final class Schema {
  /** The highest number in {@code db/migration}. */
  static final int VERSION = 13;

  /** Part of the transaction that it is said in, as every page of the file is. */
  static final String FILLED = "PRAGMA user_version = " + VERSION;

  static final String TO_FILL = "PRAGMA user_version = -" + VERSION;

  /** Those that hits need. */
  private static final List<String> TABLES =
      List.of("blob", "git_pin", "repo", "ref", "entry", "document", "account", "repo_grant");

  private final SqliteFile file;
  private final String where;

  Schema(SqliteFile file, String where) {
    this.file = file;
    this.where = where;
  }

  /** True when it is still to be filled with what the files tell. */
  boolean bring(Connection writer) throws SQLException {
    int application = SqliteFile.number(writer, "PRAGMA application_id");
    int number = SqliteFile.number(writer, "PRAGMA user_version");
    int version = Math.abs(number);
    boolean toFill = number <= 0;
    boolean empty = SqliteFile.number(writer, "SELECT COUNT(*) FROM sqlite_schema") == 0;
    if (application != SqliteFile.APPLICATION_ID && !empty) {
      throw new CatalogException(
          "Tried to open the catalog %s but it is the database of another program; move it away or choose another root."
              .formatted(where),
          null);
    }
    if (version > VERSION) {
      throw new CatalogException(
          "Tried to open the catalog %s but a newer Larder wrote it (schema %d, this one knows %d); use that version, or move the file away and it is rebuilt from the files."
              .formatted(where, version, VERSION),
          null);
    }
    if (version < VERSION) {
      // The mark comes first: a crash between the two leaves a file that is known to be ours.
      SqliteFile.execute(writer, "PRAGMA application_id = " + SqliteFile.APPLICATION_ID);
      migrate();
      SqliteFile.execute(writer, toFill ? TO_FILL : FILLED);
    }
    return toFill;
  }

  /** A name in the schema may be damaged without a page being so. */
  static void requireTables(Connection writer) throws SQLException {
    for (String table : TABLES) {
      try {
        SqliteFile.execute(writer, "SELECT 1 FROM " + table + " LIMIT 1");
      } catch (SQLException e) {
        throw new SQLiteException(String.valueOf(e.getMessage()), SQLiteErrorCode.SQLITE_CORRUPT);
      }
    }
  }

  /** The same of any name in it, by making another one: it takes a moment. */
  static void requireAsMade(Connection writer) throws SQLException {
    SqliteFile fresh = SqliteFile.inMemory("larder-schema-" + UUID.randomUUID());
    try (Connection made = fresh.writer()) {
      boolean _ = new Schema(fresh, "in memory").bring(made);
      if (!names(made).equals(names(writer))) {
        throw new SQLiteException("a name in its schema changed", SQLiteErrorCode.SQLITE_CORRUPT);
      }
    }
  }

  /** What the migrations made, and not what counts them. */
  private static Set<String> names(Connection connection) throws SQLException {
    Set<String> names = new HashSet<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema"
                    + " WHERE tbl_name NOT LIKE 'flyway%'")) {
      while (rows.next()) {
        names.add(rows.getString(1));
      }
    }
    return names;
  }

  static boolean hasTables(Connection writer) {
    try {
      requireTables(writer);
      return true;
    } catch (SQLException _) {
      return false; // Not ours, or not to be read: it is refused and stays where it is.
    }
  }

  private void migrate() {
    try {
      Flyway.configure()
          .dataSource(file.dataSource())
          .locations("classpath:db/migration")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw Failures.of("bring to schema " + VERSION, where, e);
    }
  }
}
