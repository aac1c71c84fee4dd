package dev.larder.serve.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.models.ModelsException;
import dev.larder.resident.Embeddings;
import dev.larder.serve.openai.Question.Format;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class AnswerWriterTest {
  private final Random random = new Random(7);

  private List<float[]> vectors(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(
            _ -> {
              float[] vector = new float[length];
              for (int i = 0; i < length; i++) {
                vector[i] = Float.intBitsToFloat(random.nextInt());
                vector[i] = Float.isFinite(vector[i]) ? vector[i] : -0f;
              }
              return vector;
            })
        .toList();
  }

  @Test
  void floats_areReadBackBitForBit() {
    List<float[]> vectors = vectors(20, 384);

    JsonNode answer = read(AnswerWriter.write("a \"b\"", vectors, Format.FLOAT, 12));

    assertThat(answer.path("object").asString()).isEqualTo("list");
    assertThat(answer.path("model").asString()).isEqualTo("a \"b\"");
    assertThat(answer.path("usage").toString())
        .isEqualTo("{\"prompt_tokens\":12,\"total_tokens\":12}");
    for (int i = 0; i < vectors.size(); i++) {
      JsonNode entry = answer.path("data").path(i);
      assertThat(entry.path("index").asInt()).isEqualTo(i);
      assertThat(entry.path("object").asString()).isEqualTo("embedding");
      float[] read = new float[384];
      for (int j = 0; j < read.length; j++) {
        read[j] = Float.parseFloat(entry.path("embedding").path(j).toString());
      }
      assertThat(read).isEqualTo(vectors.get(i));
    }
  }

  @Test
  void base64_isOfLittleEndianFloats() {
    List<float[]> vectors = vectors(3, 17);

    JsonNode answer = read(AnswerWriter.write("m", vectors, Format.BASE64, 0));

    for (int i = 0; i < vectors.size(); i++) {
      String text = answer.path("data").path(i).path("embedding").asString();
      float[] read = new float[17];
      ByteBuffer.wrap(Base64.getDecoder().decode(text))
          .order(ByteOrder.LITTLE_ENDIAN)
          .asFloatBuffer()
          .get(read);
      assertThat(read).isEqualTo(vectors.get(i));
    }
  }

  @Test
  void estimate_isCloseForVectorsOfLengthOne() {
    List<float[]> cut =
        Vectors.cut("m", new Embeddings(vectorsOfOne(100, 384), 0), OptionalInt.empty());

    for (Format format : Format.values()) {
      long estimate = AnswerWriter.estimateBytes(100, 384, format);
      assertThat((long) AnswerWriter.write("m", cut, format, 0).length)
          .isBetween(estimate * 3 / 4, estimate);
    }
  }

  private List<float[]> vectorsOfOne(int count, int length) {
    return IntStream.range(0, count)
        .mapToObj(
            _ -> {
              float[] vector = new float[length];
              for (int i = 0; i < length; i++) {
                vector[i] = (float) (random.nextGaussian() / Math.sqrt(length));
              }
              return vector;
            })
        .toList();
  }

  @Test
  void fewerDimensions_areTheFirstOnesAtLengthOne() {
    var made = new Embeddings(List.of(new float[] {3, 4, 12}, new float[] {0, 0, 1}), 2);

    assertThat(Vectors.cut("m", made, OptionalInt.of(2)))
        .containsExactly(new float[] {0.6f, 0.8f}, new float[] {0, 0});
    assertThat(Vectors.cut("m", made, OptionalInt.of(3)).getFirst())
        .isEqualTo(new float[] {3, 4, 12});
    assertThat(made.vectors().getFirst()).isEqualTo(new float[] {3, 4, 12});
  }

  @Test
  void numberThatIsNone_isTheModelsFault() {
    var made = new Embeddings(List.of(new float[] {1, Float.POSITIVE_INFINITY}), 2);

    assertThatThrownBy(() -> Vectors.cut("m", made, OptionalInt.empty()))
        .isInstanceOf(ModelsException.Broken.class)
        .hasMessageContaining("'m'");
  }

  private static JsonNode read(byte[] json) {
    return JsonMapper.shared().readTree(json);
  }
}
