package dev.larder.resident.onnx;

import static dev.larder.resident.onnx.OnnxModels.cosine;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.larder.resident.Embeddings;
import dev.larder.resident.EngineException;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.TextEmbedder;
import dev.larder.testing.TestModels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Vectors of texts, from real models. */
class TextEmbeddingTest {
  private static final String CAT = "A cat sits on the mat.";
  private static final String KITTEN = "A kitten is sitting on a rug.";
  private static final String MARKET = "The stock market fell sharply today.";

  @TempDir private static Path scratch;

  private static Loaded<? extends Model> exact;
  private static Loaded<? extends Model> quantized;
  private static Loaded<? extends Model> first;

  @BeforeAll
  static void load() throws Exception {
    exact = OnnxModels.load(TestModels.miniLm(scratch.resolve("exact")));
    quantized = OnnxModels.load(TestModels.miniLmQuantized(scratch.resolve("quantized")));
    first = OnnxModels.load(TestModels.bgeSmall(scratch.resolve("bge")));
  }

  @AfterAll
  static void close() throws Exception {
    exact.closing().close();
    quantized.closing().close();
    first.closing().close();
  }

  @Test
  void texts_alikeAndNot_areNearAndFar() {
    for (Loaded<? extends Model> loaded : List.of(exact, quantized, first)) {
      TextEmbedder model = (TextEmbedder) loaded.model();
      List<float[]> vectors = embed(model, CAT, KITTEN, MARKET);

      assertThat(model.dimensions()).isEqualTo(384);
      assertThat(vectors).allSatisfy(v -> assertThat(v).hasSize(384));
      assertThat(vectors)
          .allSatisfy(v -> assertThat(OnnxModels.length(v)).isCloseTo(1, within(1e-5)));
      double alike = cosine(vectors.get(0), vectors.get(1));
      double other = cosine(vectors.get(0), vectors.get(2));
      assertThat(alike).isGreaterThan(other + 0.3);
    }
  }

  private static List<float[]> embed(TextEmbedder model, String... texts) {
    return model.embed(List.of(texts), Optional.empty()).vectors();
  }

  @Test
  void text_amongOthers_hasTheVectorItHasAlone() {
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      texts.add("word ".repeat(i % 7 + 1) + (i % 3 == 0 ? CAT : MARKET));
    }
    for (Loaded<? extends Model> loaded : List.of(exact, quantized, first)) {
      TextEmbedder model = (TextEmbedder) loaded.model();
      List<float[]> together = model.embed(texts, Optional.empty()).vectors();
      for (int i = 0; i < texts.size(); i++) {
        float[] alone = embed(model, texts.get(i)).getFirst();
        if (loaded.equals(exact)) {
          assertThat(cosine(alone, together.get(i))).isGreaterThan(0.99999);
        } else {
          assertThat(together.get(i)).isEqualTo(alone);
        }
      }
    }
  }

  @Test
  void text_longerThanTheModelTakes_isCut() {
    TextEmbedder model = (TextEmbedder) exact.model();
    String words = String.join(" ", IntStream.range(0, 254).mapToObj(_ -> "cat").toList());

    Embeddings full = model.embed(List.of(words), Optional.empty());
    Embeddings more = model.embed(List.of(words + " dog".repeat(5000)), Optional.empty());

    assertThat(full.tokens()).isEqualTo(256);
    assertThat(more.tokens()).isEqualTo(256);
    assertThat(cosine(full.vectors().getFirst(), more.vectors().getFirst())).isGreaterThan(0.99999);
    Embeddings shorter = model.embed(List.of(words.substring(4) + " dog"), Optional.empty());
    assertThat(cosine(full.vectors().getFirst(), shorter.vectors().getFirst())).isLessThan(0.9999);
  }

  @Test
  void texts_odd_haveVectors() {
    TextEmbedder model = (TextEmbedder) exact.model();

    Embeddings made =
        model.embed(
            List.of("", " \n\t", "\0", "\ud83d", "a\udc00b", "😀", "x".repeat(100_000), "漢字"),
            Optional.empty());

    assertThat(made.vectors()).hasSize(8);
    assertThat(made.vectors())
        .allSatisfy(v -> assertThat(OnnxModels.length(v)).isCloseTo(1, within(1e-5)));
    assertThat(made.tokens()).isGreaterThanOrEqualTo(16);
    assertThat(model.embed(List.of(), Optional.empty()).vectors()).isEmpty();
    assertThat(model.embed(List.of(""), Optional.empty()).tokens()).isEqualTo(2);
  }

  @Test
  void prompts_ofANomicModel_goBeforeTheText() throws Exception {
    Path repo = TestModels.miniLmQuantized(scratch.resolve("nomic"));
    Path config = repo.resolve("config.json");
    Files.writeString(
        config,
        Files.readString(config)
            .replace("\"model_type\": \"bert\"", "\"model_type\": \"nomic_bert\""));
    Loaded<? extends Model> loaded = OnnxModels.load(repo);
    TextEmbedder model = (TextEmbedder) loaded.model();

    assertThat(model.prompts())
        .containsExactlyInAnyOrder(
            "search_query", "search_document", "clustering", "classification");
    float[] query = model.embed(List.of(CAT), Optional.of("search_query")).vectors().getFirst();
    assertThat(query).isEqualTo(embed(model, "search_query: " + CAT).getFirst());
    assertThat(query).isNotEqualTo(embed(model, CAT).getFirst());
    assertThatThrownBy(() -> model.embed(List.of(CAT), Optional.of("query")))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessageContaining("\"query\"")
        .hasMessageContaining("classification, clustering, search_document, search_query");
    loaded.closing().close();
    loaded.closing().close();
    assertThatThrownBy(() -> embed(model, CAT))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }
}
