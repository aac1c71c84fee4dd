package dev.larder.resident.onnx;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Writes the smallest ONNX models, field by field as onnx.proto numbers them: {@code y = x + w},
 * for rows {@code x} of as many numbers as {@code w} has.
 */
final class TinyOnnx {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  private TinyOnnx() {}

  /** With {@code w} inside. */
  static byte[] adding(float... w) {
    return model(w.length, weights(w.length).field(9, bytes(w)));
  }

  /** With {@code w}, of {@code count} numbers, in another file. */
  static byte[] addingFrom(String location, long offset, int count) {
    TinyOnnx tensor =
        weights(count)
            .field(13, entry("location", location))
            .field(13, entry("offset", Long.toString(offset)))
            .field(13, entry("length", Long.toString(4L * count)))
            .field(14, 1);
    return model(count, tensor);
  }

  /** The mean of each colour of pictures of any size, as 4-dimensional {@code output}. */
  static byte[] averaging(String output) {
    TinyOnnx node =
        new TinyOnnx().field(1, "pixel_values").field(2, output).field(4, "GlobalAveragePool");
    TinyOnnx graph =
        new TinyOnnx()
            .field(1, node)
            .field(2, "averaging")
            .field(11, port("pixel_values", -1, 3, -1, -1))
            .field(12, port(output, -1, 3, 1, 1));
    return model(graph);
  }

  /** The bytes of numbers as ONNX keeps them. */
  static byte[] bytes(float... numbers) {
    ByteBuffer bytes = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(numbers);
    return bytes.array();
  }

  /** One message of a node within a graph within a node, and so on. */
  static byte[] nested(int depth) {
    TinyOnnx graph = new TinyOnnx();
    for (int i = 0; i < depth; i++) {
      TinyOnnx attribute = new TinyOnnx().field(6, graph);
      graph = new TinyOnnx().field(1, new TinyOnnx().field(5, attribute));
    }
    return new TinyOnnx().field(7, graph).out.toByteArray();
  }

  /** A weight outside, named in an attribute of a node of a function. */
  static byte[] hidden(String location) {
    TinyOnnx tensor = new TinyOnnx().field(13, entry("location", location));
    TinyOnnx node = new TinyOnnx().field(5, new TinyOnnx().field(10, tensor));
    return new TinyOnnx()
        .field(25, new TinyOnnx().field(7, node))
        .field(7, new TinyOnnx().field(2, "g"))
        .out
        .toByteArray();
  }

  private static byte[] model(int count, TinyOnnx weights) {
    TinyOnnx node = new TinyOnnx().field(1, "x").field(1, "w").field(2, "y").field(4, "Add");
    TinyOnnx graph =
        new TinyOnnx()
            .field(1, node)
            .field(2, "adding")
            .field(5, weights)
            .field(11, port("x", -1, count))
            .field(12, port("y", -1, count));
    return model(graph);
  }

  private static byte[] model(TinyOnnx graph) {
    TinyOnnx operators = new TinyOnnx().field(2, 17);
    return new TinyOnnx().field(1, 8).field(7, graph).field(8, operators).out.toByteArray();
  }

  private static TinyOnnx weights(int count) {
    return new TinyOnnx().field(1, count).field(2, 1).field(8, "w");
  }

  private static TinyOnnx port(String name, int... lengths) {
    TinyOnnx shape = new TinyOnnx();
    for (int i = 0; i < lengths.length; i++) {
      TinyOnnx length = new TinyOnnx();
      shape.field(1, lengths[i] < 0 ? length.field(2, "d" + i) : length.field(1, lengths[i]));
    }
    TinyOnnx tensor = new TinyOnnx().field(1, 1).field(2, shape);
    return new TinyOnnx().field(1, name).field(2, new TinyOnnx().field(1, tensor));
  }

  private static TinyOnnx entry(String key, String value) {
    return new TinyOnnx().field(1, key).field(2, value);
  }

  private TinyOnnx field(int number, long value) {
    varint((long) number << 3);
    varint(value);
    return this;
  }

  private TinyOnnx field(int number, byte[] bytes) {
    varint((long) number << 3 | 2);
    varint(bytes.length);
    out.writeBytes(bytes);
    return this;
  }

  private TinyOnnx field(int number, String text) {
    return field(number, text.getBytes(StandardCharsets.UTF_8));
  }

  private TinyOnnx field(int number, TinyOnnx message) {
    return field(number, message.out.toByteArray());
  }

  private void varint(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      out.write((int) ((rest & 0x7F) | 0x80));
      rest >>>= 7;
    }
    out.write((int) rest);
  }
}
