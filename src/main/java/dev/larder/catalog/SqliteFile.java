package dev.larder.catalog;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/**
 * Connections to one SQLite database, set up so that a committed transaction survives a power cut
 * and nothing in the file is trusted to run code.
 */
final class SqliteFile {
  /** 'LARD': tells a catalog from other people's databases. https://sqlite.org/fileformat2.html */
  static final int APPLICATION_ID = 0x4c415244;

  /** Before it, a reader's checkpoint could damage the file. https://sqlite.org/wal.html */
  private static final int OLDEST_VERSION = 3_051_003;

  private static final int BUSY_MILLIS = 10_000;

  private final String url;
  private final boolean onDisk;

  private SqliteFile(String url, boolean onDisk) {
    this.url = url;
    this.onDisk = onDisk;
  }

  static SqliteFile at(Path file) {
    // As an address, because the driver reads what follows a "?" in a plain name as settings.
    return new SqliteFile("jdbc:sqlite:file:" + file.toUri().getRawPath(), true);
  }

  /** Private to this process and gone with its last connection. */
  static SqliteFile inMemory(String name) {
    return new SqliteFile("jdbc:sqlite:" + memory(name), false);
  }

  private static String memory(String name) {
    return "file:/" + name + "?vfs=memdb";
  }

  /**
   * Brings all that {@code file} holds into the empty one {@code inMemory} of that name, and
   * changes nothing. {@code immutable} as in {@link #look}.
   */
  static void copy(Path file, boolean immutable, String inMemory) throws SQLException {
    try (Connection connection = look(file, immutable)) {
      execute(connection, "VACUUM INTO '%s'".formatted(memory(inMemory)));
    }
  }

  /**
   * For one look that changes nothing. {@code immutable}: nothing is written beside the file
   * either, and a log that waits there, or whoever else has it open, is not noticed.
   */
  static Connection look(Path file, boolean immutable) throws SQLException {
    SQLiteConfig config = new SQLiteConfig();
    config.setReadOnly(true);
    config.setBusyTimeout(BUSY_MILLIS);
    SQLiteDataSource source = new SQLiteDataSource(config);
    String how = immutable ? "?mode=ro&immutable=1" : "?mode=ro";
    source.setUrl("jdbc:sqlite:file:" + file.toUri().getRawPath() + how);
    Connection connection = source.getConnection();
    harden(connection);
    return connection;
  }

  SQLiteDataSource dataSource() {
    SQLiteConfig config = new SQLiteConfig();
    config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
    config.setBusyTimeout(BUSY_MILLIS);
    config.enforceForeignKeys(true);
    config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
    if (onDisk) {
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
    }
    SQLiteDataSource source = new SQLiteDataSource(config);
    source.setUrl(url);
    return source;
  }

  Connection writer() throws SQLException {
    Connection connection = dataSource().getConnection();
    harden(connection);
    return connection;
  }

  List<Connection> readers(int count) throws SQLException {
    List<Connection> readers = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      Connection connection = writer();
      execute(connection, "PRAGMA query_only = 1");
      readers.add(connection);
    }
    return readers;
  }

  private static void harden(Connection connection) throws SQLException {
    execute(connection, "PRAGMA trusted_schema = 0");
    execute(connection, "PRAGMA cell_size_check = 1");
    execute(connection, "PRAGMA mmap_size = 0");
  }

  static void requireSoundVersion(Connection connection) throws SQLException {
    String version = text(connection, "SELECT sqlite_version()");
    String[] parts = version.split("\\.");
    int number =
        Integer.parseInt(parts[0]) * 1_000_000
            + Integer.parseInt(parts[1]) * 1_000
            + Integer.parseInt(parts[2]);
    if (number < OLDEST_VERSION) {
      throw new SQLException(
          "SQLite %s can damage a database; 3.51.3 or newer is needed".formatted(version));
    }
  }

  static void execute(Connection connection, String statement) throws SQLException {
    try (Statement s = connection.createStatement()) {
      s.execute(statement);
    }
  }

  static int number(Connection connection, String query) throws SQLException {
    return Integer.parseInt(text(connection, query));
  }

  static String text(Connection connection, String query) throws SQLException {
    try (Statement s = connection.createStatement();
        ResultSet rs = s.executeQuery(query)) {
      if (!rs.next()) {
        throw new SQLException("'%s' gave nothing".formatted(query));
      }
      return rs.getString(1);
    }
  }
}
