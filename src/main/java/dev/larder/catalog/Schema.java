package dev.larder.catalog;

import java.sql.Connection;
import java.sql.SQLException;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings a database to the schema of this version. A number in the file says which schema it has,
 * so that an ordinary start asks one question and loads no migration tool.
 */
final class Schema {
  /** The highest number in {@code db/migration}. */
  static final int VERSION = 1;

  private final SqliteFile file;
  private final String where;

  Schema(SqliteFile file, String where) {
    this.file = file;
    this.where = where;
  }

  /** True when the database was empty before. */
  boolean bring(Connection writer) throws SQLException {
    int application = SqliteFile.number(writer, "PRAGMA application_id");
    int version = SqliteFile.number(writer, "PRAGMA user_version");
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
      SqliteFile.execute(writer, "PRAGMA user_version = " + VERSION);
    }
    return empty;
  }

  private void migrate() {
    try {
      Flyway.configure()
          .dataSource(file.dataSource())
          .locations("classpath:db/migration")
          .load()
          .migrate();
    } catch (FlywayException e) {
      throw Failures.of("bring the schema to version " + VERSION, where, e);
    }
  }
}
