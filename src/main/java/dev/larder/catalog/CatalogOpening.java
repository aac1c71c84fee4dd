package dev.larder.catalog;

import dev.larder.catalog.JdbiCatalog.Opened;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Opening a catalog: checks before it is used, and what happens to one that is damaged. */
final class CatalogOpening {
  private static final Logger log = LoggerFactory.getLogger(CatalogOpening.class);
  private static final int READERS = 4;

  /** How every SQLite database begins. https://sqlite.org/fileformat2.html */
  private static final byte[] HEADER = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  /** SQLite's companions of a database file: the log and its index. */
  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

  private final Path file;
  private final InstantSource clock;

  CatalogOpening(Path file, InstantSource clock) {
    this.file = file.toAbsolutePath();
    this.clock = clock;
  }

  Opened open() {
    try {
      return connect(Optional.empty());
    } catch (SQLException e) {
      if (!Failures.damaged(e)) {
        throw Failures.of("open", file.toString(), e);
      }
      return startAnew(e);
    }
  }

  private Opened startAnew(SQLException damage) {
    Path aside = setAside();
    log.atWarn()
        .addKeyValue("catalog", file)
        .addKeyValue("set_aside", aside)
        .addKeyValue("reason", damage.getMessage())
        .log("The catalog was damaged and is set aside; it is rebuilt from the files");
    try {
      return connect(Optional.of(aside));
    } catch (SQLException e) {
      throw Failures.of("start anew", file.toString(), e);
    }
  }

  private Opened connect(Optional<Path> setAside) throws SQLException {
    createPrivately();
    requireHeader();
    SqliteFile sqlite = SqliteFile.at(file);
    List<Connection> open = new ArrayList<>();
    try {
      Connection writer = sqlite.writer();
      open.add(writer);
      check(writer);
      boolean empty = new Schema(sqlite, file.toString()).bring(writer);
      List<Connection> readers = sqlite.readers(READERS);
      Catalog catalog =
          new JdbiCatalog(new Lent(readers), new Lent(List.of(writer)), file.toString());
      open.clear();
      return new Opened(catalog, empty, setAside);
    } finally {
      for (Connection connection : open) {
        connection.close();
      }
    }
  }

  /** Looked at first, because SQLite drops a log that does not fit what it finds. */
  private void requireHeader() throws SQLException {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(HEADER.length);
      if (start.length > 0 && !Arrays.equals(start, HEADER)) {
        throw new SQLiteException(
            "the file does not begin like a database", SQLiteErrorCode.SQLITE_NOTADB);
      }
    } catch (IOException e) {
      throw Failures.of("open", file.toString(), e);
    }
  }

  private void check(Connection writer) throws SQLException {
    SqliteFile.requireSoundVersion(writer);
    String verdict = SqliteFile.text(writer, "PRAGMA quick_check(1)");
    if (!verdict.equals("ok")) {
      throw new SQLiteException(verdict, SQLiteErrorCode.SQLITE_CORRUPT);
    }
  }

  static Catalog inMemory() {
    String where = "in memory";
    SqliteFile sqlite = SqliteFile.inMemory("larder-" + UUID.randomUUID());
    try {
      Connection writer = sqlite.writer();
      new Schema(sqlite, where).bring(writer);
      // One connection for all: without a log, readers and the writer would wait for each other
      // inside SQLite.
      Lent only = new Lent(List.of(writer));
      return new JdbiCatalog(only, only, where);
    } catch (SQLException e) {
      throw Failures.of("open", where, e);
    }
  }

  /** SQLite gives its companions the mode of the file itself. */
  private void createPrivately() {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (FileAlreadyExistsException _) {
      log.trace("{} is there already", file);
    } catch (IOException e) {
      throw Failures.of("create", file.toString(), e);
    }
  }

  private Path setAside() {
    Path aside = file.resolveSibling(file.getFileName() + ".damaged-" + clock.millis());
    try {
      for (String companion : COMPANIONS) {
        Path from = file.resolveSibling(file.getFileName() + companion);
        if (Files.exists(from)) {
          Files.move(from, aside.resolveSibling(aside.getFileName() + companion));
        }
      }
      return Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw Failures.of("set aside", file.toString(), e);
    }
  }
}
