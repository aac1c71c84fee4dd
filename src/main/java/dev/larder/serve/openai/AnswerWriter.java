package dev.larder.serve.openai;

import dev.larder.serve.openai.Question.Format;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes the answer of {@code POST /v1/embeddings}. */
final class AnswerWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamWriteFeature.USE_FAST_DOUBLE_WRITER).build();

  /** The longest number is like {@code -1.2345678E-10} and a comma; most have 13 characters. */
  private static final int BYTES_OF_FLOAT = 14;

  private static final int BYTES_OF_BASE64 = 6;
  private static final int BYTES_AROUND = 64;

  private AnswerWriter() {}

  /** About how many bytes the answer will have. */
  static long estimateBytes(int vectors, int dimensions, Format format) {
    int each = format == Format.FLOAT ? BYTES_OF_FLOAT : BYTES_OF_BASE64;
    return (long) vectors * ((long) dimensions * each + BYTES_AROUND) + 4L * BYTES_AROUND;
  }

  static byte[] write(String model, List<float[]> vectors, Format format, long tokens) {
    int dimensions = vectors.isEmpty() ? 0 : vectors.getFirst().length;
    var out =
        new ByteArrayOutputStream(
            Math.toIntExact(estimateBytes(vectors.size(), dimensions, format)));
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), out)) {
      json.writeStartObject();
      json.writeStringProperty("object", "list");
      json.writeArrayPropertyStart("data");
      for (int i = 0; i < vectors.size(); i++) {
        write(json, i, vectors.get(i), format);
      }
      json.writeEndArray();
      json.writeStringProperty("model", model);
      json.writeObjectPropertyStart("usage");
      json.writeNumberProperty("prompt_tokens", tokens);
      json.writeNumberProperty("total_tokens", tokens);
      json.writeEndObject();
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  private static void write(JsonGenerator json, int index, float[] vector, Format format) {
    json.writeStartObject();
    json.writeStringProperty("object", "embedding");
    json.writeNumberProperty("index", index);
    json.writeName("embedding");
    switch (format) {
      case FLOAT -> {
        json.writeStartArray();
        for (float each : vector) {
          json.writeNumber(each);
        }
        json.writeEndArray();
      }
      case BASE64 -> json.writeBinary(littleEndian(vector));
    }
    json.writeEndObject();
  }

  private static byte[] littleEndian(float[] vector) {
    ByteBuffer bytes = ByteBuffer.allocate(vector.length * Float.BYTES);
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().put(vector);
    return bytes.array();
  }
}
