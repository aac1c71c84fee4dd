package dev.larder.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The checksum of a database file between a clean stop and the next start. SQLite has none: a
 * flipped bit inside a text is a text to it. The seal is written after the last connection is
 * closed and broken by the next start; a crash leaves none.
 */
final class Seal {
  private static final Logger log = LoggerFactory.getLogger(Seal.class);
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int MAX_TEXT = 64;

  private final Path database;
  private final Path file;

  Seal(Path database) {
    this.database = database;
    this.file = database.resolveSibling(database.getFileName() + ".sum");
  }

  /** What a seal says of the file. */
  enum Verdict {
    /** There is none to tell, or one that says nothing. */
    UNKNOWN,
    SOUND,
    CHANGED
  }

  /**
   * Nobody has the file open. What cannot be written only costs a longer look at the next start.
   */
  void put() {
    try {
      if (isEmpty("-wal")) {
        Files.writeString(file, sum());
      }
    } catch (IOException e) {
      log.debug("no checksum of {} could be written: {}", database, e.toString());
    }
  }

  /** Compares, and leaves both as they are. */
  Verdict look() {
    try {
      byte[] told;
      try (InputStream in = Files.newInputStream(file)) {
        told = in.readNBytes(MAX_TEXT);
      } catch (NoSuchFileException _) {
        return Verdict.UNKNOWN; // It was not closed well, or never: all of it is looked at.
      }
      String text = new String(told, StandardCharsets.US_ASCII);
      return !text.matches("[0-9a-f]{8} [0-9]+") || !isEmpty("-wal")
          ? Verdict.UNKNOWN
          : text.equals(sum()) ? Verdict.SOUND : Verdict.CHANGED;
    } catch (IOException e) {
      log.debug("the checksum of {} could not be compared: {}", database, e.toString());
      return Verdict.UNKNOWN;
    }
  }

  /** Before anything is written to the file: after a crash it would tell of a change. */
  void breakIt() {
    try {
      Files.deleteIfExists(file);
    } catch (IOException e) {
      log.debug("the checksum of {} could not be removed: {}", database, e.toString());
    }
  }

  private boolean isEmpty(String companion) throws IOException {
    Path other = database.resolveSibling(database.getFileName() + companion);
    return Files.notExists(other) || Files.size(other) == 0;
  }

  private String sum() throws IOException {
    CRC32C crc = new CRC32C();
    long size = 0;
    byte[] block = new byte[BLOCK_BYTES];
    try (InputStream in = Files.newInputStream(database)) {
      for (int read; (read = in.read(block)) >= 0; size += read) {
        crc.update(block, 0, read);
      }
    }
    return "%08x %d".formatted(crc.getValue(), size);
  }
}
