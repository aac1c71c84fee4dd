package dev.larder.catalog;

import dev.larder.catalog.JdbiCatalog.Opened;
import dev.larder.catalog.Seal.Verdict;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
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

  /** SQLite's companions of a database file: the log and its index. */
  private static final List<String> COMPANIONS = List.of("-wal", "-shm", "-journal");

  private final Path file;
  private final Seal seal;
  private final InstantSource clock;

  CatalogOpening(Path file, InstantSource clock) {
    this.file = file.toAbsolutePath();
    this.seal = new Seal(this.file);
    this.clock = clock;
  }

  Opened open() {
    Verdict verdict = seal.look();
    if (verdict != Verdict.CHANGED) {
      seal.breakIt();
    } // Else it stays until what is wrong is out of the way: a start that is cut is repeated.
    try {
      return connect(verdict, Optional.empty());
    } catch (SQLException e) {
      boolean damaged = verdict == Verdict.CHANGED ? Failures.ofTheFile(e) : Failures.damaged(e);
      if (!damaged) {
        throw Failures.of("open", file.toString(), e);
      }
      return startAnew(e);
    }
  }

  private Opened startAnew(SQLException damage) {
    Path aside = setAside();
    seal.breakIt();
    log.atWarn()
        .addKeyValue("catalog", file)
        .addKeyValue("set_aside", aside)
        .addKeyValue("reason", damage.getMessage())
        .log(
            "The catalog was damaged and is set aside; it is rebuilt from the files, and {}",
            Remains.of(aside));
    try {
      return connect(Verdict.UNKNOWN, Optional.of(aside));
    } catch (SQLException e) {
      throw Failures.of("begin anew with", file.toString(), e);
    }
  }

  private Opened connect(Verdict verdict, Optional<Path> setAside) throws SQLException {
    createPrivately();
    requireHeader();
    SqliteFile sqlite = SqliteFile.at(file);
    List<Connection> open = new ArrayList<>();
    try {
      Connection writer = sqlite.writer();
      open.add(writer);
      SqliteFile.requireSoundVersion(writer);
      if (verdict != Verdict.SOUND) {
        requireSoundPages(writer);
      }
      if (verdict == Verdict.CHANGED) {
        requireMark(writer);
      }
      Schema schema = new Schema(sqlite, file.toString());
      boolean empty = schema.bring(writer);
      Schema.requireTables(writer);
      if (verdict == Verdict.CHANGED) {
        Schema.requireAsMade(writer);
        forgetWhatFilesTell(writer);
        seal.breakIt();
        empty = true;
      }
      List<Connection> readers = sqlite.readers(READERS);
      Catalog catalog =
          new JdbiCatalog(new Lent(readers), new Lent(List.of(writer)), file.toString(), seal::put);
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
    try {
      if (!FileHeader.read(file).possible()) {
        throw new SQLiteException(
            "the file does not begin like a database", SQLiteErrorCode.SQLITE_NOTADB);
      }
    } catch (IOException e) {
      throw Failures.of("open", file.toString(), e);
    }
  }

  private Path companion(String suffix) {
    return file.resolveSibling(file.getFileName() + suffix);
  }

  /** At every start: it costs about a millisecond a MiB, and a catalog has a few. */
  private static void requireSoundPages(Connection writer) throws SQLException {
    String verdict = SqliteFile.text(writer, "PRAGMA quick_check(1)");
    if (!verdict.equals("ok")) {
      throw new SQLiteException(verdict, SQLiteErrorCode.SQLITE_CORRUPT);
    }
  }

  /** One that was ours may have lost its mark; the database of another program has other tables. */
  private static void requireMark(Connection writer) throws SQLException {
    boolean marked =
        SqliteFile.number(writer, "PRAGMA application_id") == SqliteFile.APPLICATION_ID;
    if (!marked && Schema.hasTables(writer)) {
      throw new SQLiteException("its mark is gone", SQLiteErrorCode.SQLITE_CORRUPT);
    }
  }

  /**
   * Its pages are in order, and yet a text or a number may be another one. What the files tell is
   * read from them again, and who may read a repo is asked again; the rest is all there is.
   */
  private void forgetWhatFilesTell(Connection writer) throws SQLException {
    log.atWarn()
        .addKeyValue("catalog", file)
        .log(
            "The catalog was changed since it was closed, and not by Larder; what the files tell is"
                + " read from them again. Look through tokens, grants and registered models");
    SqliteFile.execute(writer, "BEGIN IMMEDIATE");
    for (String table : List.of("document", "entry", "ref", "git_pin", "repo", "scan")) {
      SqliteFile.execute(writer, "DELETE FROM " + table);
    }
    SqliteFile.execute(writer, Schema.TO_FILL);
    SqliteFile.execute(writer, "COMMIT"); // Closing the connection before it takes all of it back.
  }

  static Catalog inMemory() {
    return inMemory("in memory", (writer, schema, _) -> schema.bring(writer));
  }

  /** As the file was found, and nothing is written beside it. */
  Catalog copied() {
    if (Files.notExists(file)) {
      return inMemory();
    }
    boolean changed = seal.look() == Verdict.CHANGED;
    return inMemory(
        file.toString(),
        (writer, schema, name) -> {
          requireHeader();
          SqliteFile.copy(file, !hasLog(), name);
          schema.bring(writer);
          if (changed) {
            forgetWhatFilesTell(writer);
          }
        });
  }

  /** Only who reads the log too knows what was written last. */
  private boolean hasLog() {
    return companion("-wal").toFile().length() > 0;
  }

  /** How an empty one of a name is filled before it is used. */
  private interface Filling {
    void fill(Connection writer, Schema schema, String name) throws SQLException;
  }

  private static Catalog inMemory(String where, Filling filling) {
    String name = "larder-" + UUID.randomUUID();
    SqliteFile sqlite = SqliteFile.inMemory(name);
    List<Connection> open = new ArrayList<>();
    try {
      Connection writer = sqlite.writer();
      open.add(writer);
      filling.fill(writer, new Schema(sqlite, where), name);
      open.clear();
      // One connection for all: without a log, readers and the writer would wait for each other
      // inside SQLite.
      Lent only = new Lent(List.of(writer));
      return new JdbiCatalog(only, only, where);
    } catch (SQLException e) {
      throw Failures.of("read", where, e);
    } finally {
      open.forEach(CatalogOpening::abandon);
    }
  }

  private static void abandon(Connection connection) {
    try {
      connection.close();
    } catch (SQLException e) {
      log.debug("a copy in memory was not closed", e);
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
      for (String suffix : COMPANIONS) {
        Path from = companion(suffix);
        if (Files.exists(from)) {
          Files.move(from, aside.resolveSibling(aside.getFileName() + suffix));
        }
      }
      return Files.move(file, aside, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw Failures.of("set aside", file.toString(), e);
    }
  }
}
