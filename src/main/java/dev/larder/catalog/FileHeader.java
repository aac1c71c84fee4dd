package dev.larder.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** What the first bytes of a catalog say. https://sqlite.org/fileformat2.html */
final class FileHeader {
  private static final int BYTES = 100;

  /** How every SQLite database begins. */
  private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);

  private static final int NEWEST_SCHEMA_FORMAT = 4;
  private static final int SCHEMA_FORMAT = 44;
  private static final int TEXT_ENCODING = 56;
  private static final int USER_VERSION = 60;
  private static final int APPLICATION_ID = 68;

  private final byte[] start;
  private final ByteBuffer numbers;

  private FileHeader(byte[] start) {
    this.start = start;
    this.numbers = ByteBuffer.wrap(start);
  }

  static FileHeader read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return new FileHeader(in.readNBytes(BYTES));
    }
  }

  /** Made and not written yet. */
  boolean isEmpty() {
    return start.length == 0;
  }

  /** Whether SQLite, as it is set up here, may have written it; an empty file is a new one. */
  boolean possible() {
    return isEmpty()
        || (start.length == BYTES
            && Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)
            && isVersion(start[18])
            && isVersion(start[19])
            && start[21] == 64
            && start[22] == 32
            && start[23] == 32
            && Integer.compareUnsigned(numbers.getInt(SCHEMA_FORMAT), NEWEST_SCHEMA_FORMAT) <= 0
            && Integer.compareUnsigned(numbers.getInt(TEXT_ENCODING), 1) <= 0);
  }

  /** Of a rollback journal or a write-ahead log. */
  private static boolean isVersion(byte version) {
    return version == 1 || version == 2;
  }

  /** Of the schema; see {@link Schema}. */
  int version() {
    return Math.abs(numbers.getInt(USER_VERSION));
  }

  /** A start that was killed before its first checkpoint leaves neither number in the file. */
  boolean isOurs() {
    int application = numbers.getInt(APPLICATION_ID);
    return application == SqliteFile.APPLICATION_ID || (application == 0 && version() == 0);
  }
}
