package dev.larder.provision;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Writes a POSIX tar file that any tar reads: ustar headers, and an extended header where a name or
 * a size does not fit into one. All entries have the same time and belong to nobody. For one
 * thread.
 */
final class TarWriter {
  private static final byte[] ZEROS = new byte[2 * TarHeader.BLOCK];
  private static final int FILE_MODE = 0644;
  private static final int OTHER_MODE = 0755;
  private static final long MOST_OCTAL = 1L << 33;

  private final OutputStream out;
  private final long seconds;
  private long leftBytes;
  private int padding;

  /** {@code seconds}: when everything in it was last changed, since 1970. */
  TarWriter(OutputStream out, long seconds) {
    this.out = out;
    this.seconds = seconds;
  }

  /** Begins an entry; of a file, its bytes come next. */
  void begin(TarEntry entry) throws IOException {
    endEntry();
    String extended = extended(entry);
    if (!extended.isEmpty()) {
      byte[] bytes = extended.getBytes(StandardCharsets.UTF_8);
      out.write(header("././@PaxHeader", 'x', bytes.length, "", FILE_MODE));
      out.write(bytes);
      out.write(ZEROS, 0, -bytes.length & (TarHeader.BLOCK - 1));
    }
    char type =
        switch (entry.kind()) {
          case FILE -> '0';
          case DIRECTORY -> '5';
          case LINK -> '2';
        };
    int mode = entry.kind() == TarEntry.Kind.FILE ? FILE_MODE : OTHER_MODE;
    out.write(header(entry.name(), type, entry.sizeBytes(), entry.target(), mode));
    leftBytes = entry.sizeBytes();
    padding = (int) (-leftBytes & (TarHeader.BLOCK - 1));
  }

  /** Bytes of the file that was begun. */
  void write(byte[] bytes, int length) throws IOException {
    if (length > leftBytes) {
      throw new IOException("more bytes than were announced");
    }
    out.write(bytes, 0, length);
    leftBytes -= length;
  }

  /** A whole file. */
  void file(String name, byte[] bytes) throws IOException {
    begin(TarEntry.file(name, bytes.length));
    write(bytes, bytes.length);
  }

  /** The end of the archive. Closes nothing. */
  void finish() throws IOException {
    endEntry();
    out.write(ZEROS);
  }

  private void endEntry() throws IOException {
    if (leftBytes != 0) {
      throw new IOException("fewer bytes than were announced");
    }
    out.write(ZEROS, 0, padding);
    padding = 0;
  }

  private static String extended(TarEntry entry) {
    StringBuilder records = new StringBuilder();
    if (!fits(entry.name())) {
      records.append(record("path", entry.name()));
    }
    if (!fits(entry.target())) {
      records.append(record("linkpath", entry.target()));
    }
    if (entry.sizeBytes() >= MOST_OCTAL) {
      records.append(record("size", Long.toString(entry.sizeBytes())));
    }
    return records.toString();
  }

  private static boolean fits(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return bytes.length <= TarHeader.NAME_LENGTH && bytes.length == text.length();
  }

  /** Its length counts its own digits. */
  private static String record(String key, String value) {
    String rest = " " + key + "=" + value + "\n";
    int bytes = rest.getBytes(StandardCharsets.UTF_8).length;
    int length = bytes + Integer.toString(bytes).length();
    if (Integer.toString(length).length() > Integer.toString(bytes).length()) {
      length = bytes + Integer.toString(length).length();
    }
    return length + rest;
  }

  private byte[] header(String name, char type, long size, String target, int mode) {
    byte[] block = new byte[TarHeader.BLOCK];
    put(block, 0, cut(name));
    put(block, 100, octal(mode, 7));
    put(block, 108, octal(0, 7));
    put(block, 116, octal(0, 7));
    // What an extended header says stands here too where it can, so that nobody reads two sizes.
    put(block, TarHeader.SIZE, octal(size < MOST_OCTAL ? size : 0, 11));
    put(block, 136, octal(seconds, 11));
    block[TarHeader.TYPE] = (byte) type;
    put(block, TarHeader.TARGET, cut(target));
    put(block, TarHeader.MAGIC, "ustar\00000");
    put(block, TarHeader.CHECKSUM, "        ");
    long sum = 0;
    for (byte each : block) {
      sum += each & 0xff;
    }
    put(block, TarHeader.CHECKSUM, octal(sum, 6) + "\0 ");
    return block;
  }

  /** For programs that do not know extended headers; those that do never look at it. */
  private static String cut(String text) {
    String ascii = text.replaceAll("[^\\x20-\\x7e]", "_");
    return ascii.length() <= TarHeader.NAME_LENGTH
        ? ascii
        : ascii.substring(0, TarHeader.NAME_LENGTH);
  }

  private static String octal(long value, int digits) {
    return String.format(Locale.ROOT, "%0" + digits + "o", value);
  }

  private static void put(byte[] block, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, block, offset, bytes.length);
  }
}
