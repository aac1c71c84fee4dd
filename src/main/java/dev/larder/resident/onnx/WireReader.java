package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads the wire format of Protocol Buffers, one field after another, and skips what nobody asks
 * for without reading it. What is wrong ends in {@link EngineException.Broken}.
 *
 * <p>See protobuf.dev, "Encoding": a field is a varint of number and wire type, and then 0 a
 * varint, 1 eight bytes, 2 a length and so many bytes, 5 four bytes. ONNX has no groups (3, 4).
 */
final class WireReader {
  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int LENGTH = 2;
  private static final int FOUR_BYTES = 5;
  private static final int LONGEST_VARINT = 10;

  private final SeekableByteChannel in;
  private final String name;
  private final long size;
  private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).limit(0);

  private long bufferStart;
  private int field;
  private int type;

  /** {@code name}: of the file, for messages. */
  WireReader(SeekableByteChannel in, String name) throws IOException {
    this.in = in;
    this.name = name;
    this.size = in.size();
  }

  long size() {
    return size;
  }

  /** Goes to the next field of a message that ends at {@code end}; false when there is none. */
  boolean next(long end) throws IOException {
    if (position() == end) {
      return false;
    }
    long tag = varint(end);
    field = (int) (tag >>> 3);
    type = (int) (tag & 7);
    if (tag >>> 32 != 0 || field == 0) {
      throw broken("a field has no number");
    }
    return true;
  }

  int field() {
    return field;
  }

  /** Whether the field has a length: a message or a text. */
  boolean hasLength() {
    return type == LENGTH;
  }

  /** Where the value of this field, which has a length, ends. It begins at the position now. */
  long open(long end) throws IOException {
    long length = varint(end);
    if (length < 0 || length > end - position()) {
      throw broken("a part goes beyond the end of what it is in");
    }
    return position() + length;
  }

  /** The value of this field, which has a length, as text of {@code most} bytes. */
  String text(long end, int most) throws IOException {
    long textEnd = open(end);
    long length = textEnd - position();
    if (length > most) {
      throw broken("a name has " + length + " bytes");
    }
    byte[] bytes = new byte[(int) length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = oneByte();
    }
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** Passes over the value of this field. */
  void skip(long end) throws IOException {
    switch (type) {
      case VARINT -> varint(end);
      case EIGHT_BYTES -> goTo(position() + Long.BYTES, end);
      case LENGTH -> goTo(open(end), end);
      case FOUR_BYTES -> goTo(position() + Integer.BYTES, end);
      default -> throw broken("a field is of no known kind");
    }
  }

  EngineException.Broken broken(String what) {
    return new EngineException.Broken(
        "Tried to read %s, but near byte %d %s; it is no whole ONNX model."
            .formatted(name, position(), what),
        null);
  }

  private long position() {
    return bufferStart + buffer.position();
  }

  private long varint(long end) throws IOException {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      if (position() >= end) {
        break;
      }
      byte next = oneByte();
      value |= (long) (next & 0x7F) << (7 * i);
      if (next >= 0) {
        return value;
      }
    }
    throw broken("a number does not end");
  }

  private void goTo(long target, long end) throws IOException {
    if (target > end) {
      throw broken("a field goes beyond the end of what it is in");
    }
    long ahead = target - position();
    if (ahead <= buffer.remaining()) {
      buffer.position(buffer.position() + (int) ahead);
    } else {
      bufferStart = target;
      buffer.limit(0);
    }
  }

  private byte oneByte() throws IOException {
    if (!buffer.hasRemaining()) {
      fill();
    }
    return buffer.get();
  }

  private void fill() throws IOException {
    bufferStart = position();
    buffer.clear();
    in.position(bufferStart);
    if (in.read(buffer) <= 0) {
      buffer.limit(0);
      throw broken("the file ends");
    }
    buffer.flip();
  }
}
