package dev.larder.catalog;

import dev.larder.catalog.Seal.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;

/** The state of a catalog's file, found without changing it or what lies beside it. */
public sealed interface CatalogHealth {
  /** There is none: it is made by the first command that needs it. */
  record Absent() implements CatalogHealth {}

  record Sound() implements CatalogHealth {}

  /** The next command rebuilds it from the files, or what of it they tell. */
  record Damaged(String reason) implements CatalogHealth {}

  /** A newer Larder wrote it. */
  record Newer(int schema, int known) implements CatalogHealth {}

  /** A database of another program. */
  record Foreign() implements CatalogHealth {}

  /** This process cannot read it. */
  record Unreadable(String reason) implements CatalogHealth {}

  /** No database can be opened here at all. */
  record NoDriver(String reason) implements CatalogHealth {}

  /** What the seal tells, and the next opening goes by. */
  Damaged CHANGED = new Damaged("it was changed since it was closed, and not by Larder");

  /** {@code pages}: read all of it, which an owner that is at work has done already. */
  static CatalogHealth of(Path file, boolean pages) {
    if (!Files.exists(file)) {
      return pages ? driver() : new Absent();
    }
    try {
      FileHeader header = FileHeader.read(file);
      CatalogHealth head = head(header);
      boolean changed = pages && new Seal(file).look() == Verdict.CHANGED;
      return switch (head) {
        case Sound _ when changed && header.isEmpty() -> CHANGED;
        case Sound _ when pages -> pages(file, changed);
        // Is it ours without its mark, or another program's in its place?
        case Foreign _ when changed && hasTables(file) -> CHANGED;
        default -> head;
      };
    } catch (IOException e) {
      return new Unreadable(e.toString());
    }
  }

  private static boolean hasTables(Path file) {
    try (Connection connection = SqliteFile.look(file.toAbsolutePath(), true)) {
      return Schema.hasTables(connection);
    } catch (SQLException _) {
      return false; // Then it is what its header says: another program's.
    }
  }

  private static CatalogHealth head(FileHeader header) {
    if (!header.possible()) {
      return new Damaged("the file does not begin like a database");
    }
    if (header.isEmpty()) {
      return new Sound();
    }
    if (!header.isOurs()) {
      return new Foreign();
    }
    return header.version() > Schema.VERSION
        ? new Newer(header.version(), Schema.VERSION)
        : new Sound();
  }

  /** Whether the next command could make one. */
  private static CatalogHealth driver() {
    try (Connection connection = SqliteFile.inMemory("larder-look").writer()) {
      SqliteFile.requireSoundVersion(connection);
      return new Absent();
    } catch (SQLException | LinkageError e) {
      return new NoDriver(e.toString());
    }
  }

  private static CatalogHealth pages(Path file, boolean changed) throws IOException {
    Path log = file.resolveSibling(file.getFileName() + "-wal");
    boolean logged = Files.exists(log) && Files.size(log) > 0;
    try (Connection connection = SqliteFile.look(file.toAbsolutePath(), !logged)) {
      String verdict = SqliteFile.text(connection, "PRAGMA quick_check(1)");
      if (!verdict.equals("ok")) {
        return new Damaged(verdict);
      }
      return changed ? CHANGED : new Sound();
    } catch (SQLException e) {
      String reason = String.valueOf(e.getMessage());
      if (reason.contains("native library")) {
        return new NoDriver(reason);
      }
      return Failures.damaged(e) ? new Damaged(reason) : new Unreadable(reason);
    } catch (LinkageError e) {
      return new NoDriver(e.toString());
    }
  }
}
