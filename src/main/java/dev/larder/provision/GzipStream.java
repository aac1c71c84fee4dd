package dev.larder.provision;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * One gzip member and nothing behind it (RFC 1952). Java's own reader passes over what follows, in
 * which another program may find more. Closing closes the file under it.
 */
final class GzipStream extends InputStream {
  private static final int BUFFER_BYTES = 256 << 10;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int HEADER_CRC = 2;
  private static final int LONGEST_TEXT = 4096;

  private final InputStream in;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private int fedBytes;
  private boolean ended;

  GzipStream(InputStream in) throws IOException {
    this.in = in;
    if (next() != 0x1f || next() != 0x8b || next() != 8) {
      throw new IOException("it is no gzip file");
    }
    int flags = next();
    skip(6);
    if ((flags & EXTRA) != 0) {
      skip(next() | next() << 8);
    }
    if ((flags & NAME) != 0) {
      skipText();
    }
    if ((flags & COMMENT) != 0) {
      skipText();
    }
    if ((flags & HEADER_CRC) != 0) {
      skip(2);
    }
  }

  private int next() throws IOException {
    int value = in.read();
    if (value < 0) {
      throw new EOFException("the gzip file is cut off");
    }
    return value;
  }

  private void skip(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int _ = next();
    }
  }

  private void skipText() throws IOException {
    for (int i = 0; next() != 0; i++) {
      if (i > LONGEST_TEXT) {
        throw new IOException("the gzip file's header does not end");
      }
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (ended || length == 0) {
      return ended ? -1 : 0;
    }
    try {
      int count;
      while ((count = inflater.inflate(bytes, offset, length)) == 0) {
        if (inflater.finished()) {
          end();
          return -1;
        }
        if (inflater.needsDictionary() || !fed()) {
          throw new EOFException("the gzip file is cut off");
        }
      }
      crc.update(bytes, offset, count);
      return count;
    } catch (DataFormatException e) {
      throw new IOException("the gzip file is damaged: " + e.getMessage(), e);
    }
  }

  private boolean fed() throws IOException {
    int read = in.read(buffer);
    if (read < 0) {
      return false;
    }
    fedBytes = read;
    inflater.setInput(buffer, 0, read);
    return true;
  }

  /** The checksum and the length, and then nothing. */
  private void end() throws IOException {
    ended = true;
    byte[] rest = new byte[9];
    int have = Math.min(inflater.getRemaining(), rest.length);
    System.arraycopy(buffer, fedBytes - inflater.getRemaining(), rest, 0, have);
    for (int read; have < rest.length && (read = in.read(rest, have, rest.length - have)) > 0; ) {
      have += read;
    }
    if (have < 8) {
      throw new EOFException("the gzip file is cut off");
    }
    if (have > 8) {
      throw new IOException("there is more behind the end of the gzip file");
    }
    if (number(rest, 0) != crc.getValue()
        || number(rest, 4) != (inflater.getBytesWritten() & 0xffffffffL)) {
      throw new IOException("the gzip file's checksum is wrong");
    }
  }

  private static long number(byte[] bytes, int at) {
    return (bytes[at] & 0xffL)
        | (bytes[at + 1] & 0xffL) << 8
        | (bytes[at + 2] & 0xffL) << 16
        | (bytes[at + 3] & 0xffL) << 24;
  }

  @Override
  public void close() throws IOException {
    inflater.end();
    in.close();
  }
}
