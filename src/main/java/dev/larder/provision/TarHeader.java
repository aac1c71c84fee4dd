package dev.larder.provision;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * One header block of 512 bytes, POSIX.1-1988 ustar or GNU. Fields:
 * https://www.gnu.org/software/tar/manual/html_node/Standard.html. Strict: what two programs could
 * read in two ways is refused.
 */
record TarHeader(String name, char type, long sizeBytes, String target) {
  static final int BLOCK = 512;
  static final int NAME_LENGTH = 100;
  static final int SIZE = 124;
  static final int CHECKSUM = 148;
  static final int TYPE = 156;
  static final int TARGET = 157;
  static final int MAGIC = 257;
  static final int PREFIX = 345;
  static final int PREFIX_LENGTH = 155;

  /** What a header cannot be. */
  static final class Bad extends Exception {
    private static final long serialVersionUID = 1L;

    Bad(String why) {
      super(why);
    }

    String why() {
      return String.valueOf(getMessage());
    }
  }

  static TarHeader read(byte[] block) throws Bad {
    requireChecksum(block);
    boolean posix = field(block, MAGIC, 8).equals("ustar\00000");
    if (!posix && !field(block, MAGIC, 8).equals("ustar  \0")) {
      throw new Bad("has a header of no known tar format");
    }
    String name = text(block, 0, NAME_LENGTH);
    String prefix = posix ? text(block, PREFIX, PREFIX_LENGTH) : "";
    return new TarHeader(
        prefix.isEmpty() ? name : prefix + "/" + name,
        (char) (block[TYPE] & 0xff),
        size(block),
        text(block, TARGET, NAME_LENGTH));
  }

  private static void requireChecksum(byte[] block) throws Bad {
    long sum = 0;
    for (int at = 0; at < BLOCK; at++) {
      sum += at >= CHECKSUM && at < CHECKSUM + 8 ? ' ' : block[at] & 0xff;
    }
    if (octal(block, CHECKSUM, 8, "checksum") != sum) {
      throw new Bad("has a header whose checksum is wrong");
    }
  }

  private static String field(byte[] block, int offset, int length) {
    return new String(block, offset, length, StandardCharsets.ISO_8859_1);
  }

  /** Up to the first NUL, after which there is nothing else. */
  private static String text(byte[] block, int offset, int length) throws Bad {
    int end = offset;
    while (end < offset + length && block[end] != 0) {
      end++;
    }
    for (int at = end; at < offset + length; at++) {
      if (block[at] != 0) {
        throw new Bad("has bytes behind the end of a name");
      }
    }
    return utf8(block, offset, end - offset);
  }

  static String utf8(byte[] bytes, int offset, int length) throws Bad {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(bytes, offset, length))
          .toString();
    } catch (CharacterCodingException _) {
      throw new Bad("has a name that is no UTF-8");
    }
  }

  private static long size(byte[] block) throws Bad {
    if ((block[SIZE] & 0x80) == 0) {
      return octal(block, SIZE, 12, "size");
    }
    // GNU: 0x80 and the number in 11 bytes, for what octal digits cannot say.
    if ((block[SIZE] & 0xff) != 0x80 || block[SIZE + 1] != 0 || block[SIZE + 2] != 0) {
      throw new Bad("has a size that no file has");
    }
    long size = ByteBuffer.wrap(block, SIZE + 4, 8).getLong();
    if (block[SIZE + 3] != 0 || size < 0) {
      throw new Bad("has a size that no file has");
    }
    return size;
  }

  private static long octal(byte[] block, int offset, int length, String what) throws Bad {
    int at = offset;
    int end = offset + length;
    while (at < end && block[at] == ' ') {
      at++;
    }
    long value = 0;
    int digits = 0;
    for (; at < end && block[at] >= '0' && block[at] <= '7'; at++, digits++) {
      value = value * 8 + block[at] - '0';
    }
    for (; at < end; at++) {
      if (block[at] != 0 && block[at] != ' ') {
        throw new Bad("has a %s that is no octal number".formatted(what));
      }
    }
    if (digits == 0) {
      throw new Bad("has no %s".formatted(what));
    }
    return value;
  }
}
