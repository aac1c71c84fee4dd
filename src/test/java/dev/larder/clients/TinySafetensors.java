package dev.larder.clients;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A file of many small tensors: the length of the header in 8 bytes, the header as JSON, the
 * numbers. Readers ask for 100,000 bytes first and again for the rest of a longer header.
 */
final class TinySafetensors {
  /** Numbers in a tensor. */
  static final int EACH = 256;

  private TinySafetensors() {}

  static byte[] bytes(Random random, int tensors) {
    int width = 4 * EACH;
    String header =
        IntStream.range(0, tensors)
            .mapToObj(
                i ->
                    "\"layer.%05d.weight\":{\"dtype\":\"F32\",\"shape\":[%d],\"data_offsets\":[%d,%d]}"
                        .formatted(i, EACH, i * width, (i + 1) * width))
            .collect(Collectors.joining(",", "{\"__metadata__\":{\"format\":\"pt\"},", "}"));
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    byte[] numbers = new byte[tensors * width];
    random.nextBytes(numbers);
    return ByteBuffer.allocate(8 + json.length + numbers.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putLong(json.length)
        .put(json)
        .put(numbers)
        .array();
  }
}
