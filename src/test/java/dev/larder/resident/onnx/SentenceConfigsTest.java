package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.EngineException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the files of a repo say about texts. */
class SentenceConfigsTest {
  private static final String MODULES =
      """
      [{"path": "", "type": "sentence_transformers.models.Transformer"},
       {"path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]
      """;

  @TempDir private Path repo;

  @Test
  void repo_thatSaysNothing_isPooledByTheMeanAndNormalized() throws Exception {
    SentenceSettings settings = read();

    assertThat(settings.pooling()).containsExactly(Pooling.MEAN);
    assertThat(settings.normalize()).isTrue();
    assertThat(settings.mostTokens()).isEqualTo(512);
    assertThat(settings.prompts()).isEmpty();
  }

  @Test
  void pooling_ofEachModule_isTaken() throws Exception {
    write("modules.json", MODULES);
    for (Pooling pooling : Pooling.values()) {
      String word = pooling.name().toLowerCase(Locale.ROOT);
      String flag =
          switch (pooling) {
            case CLS, MAX, MEAN -> word + "_token" + (pooling == Pooling.CLS ? "" : "s");
            case MEAN_SQRT_LEN -> "mean_sqrt_len_tokens";
            case WEIGHTED_MEAN -> "weightedmean_tokens";
            case LAST -> "lasttoken";
          };
      write("1_Pooling/config.json", "{\"pooling_mode_" + flag + "\": true}");
      assertThat(read().pooling()).as(flag).containsExactly(pooling);
      assertThat(read().normalize()).isFalse();
    }
    write(
        "1_Pooling/config.json",
        "{\"pooling_mode_mean_tokens\": true, \"pooling_mode_cls_token\": true}");
    assertThat(read().pooling()).containsExactly(Pooling.CLS, Pooling.MEAN);
    write("1_Pooling/config.json", "{\"pooling_mode\": \"cls\"}");
    assertThat(read().pooling()).containsExactly(Pooling.CLS);
  }

  @Test
  void steps_thatAreNotKnown_areRefused() throws Exception {
    write("modules.json", MODULES);
    refused("1_Pooling/config.json");
    write("1_Pooling/config.json", "{\"pooling_mode_attention\": true}");
    refused("pooling_mode_attention");
    write(
        "1_Pooling/config.json", "{\"pooling_mode_mean_tokens\": true, \"include_prompt\": false}");
    refused("prompts");
    write(
        "modules.json",
        "[{\"path\": \"2_Dense\", \"type\": \"sentence_transformers.models.Dense\"}]");
    refused("sentence_transformers.models.Dense");
    write("modules.json", "{\"a\": 1}");
    refused("modules.json");
    write("modules.json", "[1]");
    refused("modules.json");
    write("modules.json", "[");
    refused("modules.json is no JSON");
  }

  @Test
  void modules_thatTheModelHasInside_areNotAskedFor() throws Exception {
    write(
        "modules.json",
        "[{\"path\": \"2_Dense\", \"type\": \"sentence_transformers.models.Dense\"}]");

    SentenceSettings settings =
        new SentenceConfigs(new Configs(DirectoryModelFiles.of(repo))).read(true);
    assertThat(settings.normalize()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    // sentences, tokenizer, positions, type, most tokens
    "256, 512, 512, bert, 256",
    "null, 128, 512, bert, 128",
    "1024, 512, 512, bert, 512",
    "null, 1e30, 512, bert, 512",
    "null, 1000000000000000019884624838656, 8192, bert, 8192",
    "-1, 0, 300, bert, 300",
    "514, 514, 514, xlm-roberta, 512",
    "9999999, 9999999, null, t5, 32768",
    "null, null, null, t5, 512"
  })
  void length_isTheOneSaidAndNeverMoreThanThePositions(
      String sentences, String tokenizer, String positions, String type, int most)
      throws Exception {
    write("sentence_bert_config.json", "{\"max_seq_length\": " + sentences + "}");
    write("tokenizer_config.json", "{\"model_max_length\": " + tokenizer + "}");
    write(
        "config.json",
        "{\"model_type\": \"%s\", \"max_position_embeddings\": %s}".formatted(type, positions));

    assertThat(read().mostTokens()).isEqualTo(most);
  }

  @Test
  void prompts_ofTheRepo_areKnownByTheirNames() throws Exception {
    write(
        "config_sentence_transformers.json",
        "{\"prompts\": {\"query\": \"Q: \", \"document\": \"\"}, \"default_prompt_name\":"
            + " \"query\"}");
    SentenceSettings settings = read();

    assertThat(settings.prompt(Optional.empty())).isEqualTo("Q: ");
    assertThat(settings.prompt(Optional.of("document"))).isEmpty();
    assertThatThrownBy(() -> settings.prompt(Optional.of("clustering")))
        .isInstanceOf(EngineException.BadInput.class)
        .hasMessage("The model has no prompt named \"clustering\"; it has document, query.");
    write("config_sentence_transformers.json", "{\"default_prompt_name\": \"query\"}");
    refused("query");
  }

  @Test
  void pooling_ofThreeTokens_isWhatItsNameSays() {
    float[] tokens = {9, 9, 1, 10, 2, 40, 6, 10};

    assertThat(pooled(Pooling.CLS, tokens)).containsExactly(1, 10);
    assertThat(pooled(Pooling.LAST, tokens)).containsExactly(6, 10);
    assertThat(pooled(Pooling.MAX, tokens)).containsExactly(6, 40);
    assertThat(pooled(Pooling.MEAN, tokens)).containsExactly(3, 20);
    assertThat(pooled(Pooling.MEAN_SQRT_LEN, tokens))
        .containsExactly(new float[] {5.19615f, 34.641f}, within(1e-3f));
    assertThat(pooled(Pooling.WEIGHTED_MEAN, tokens))
        .containsExactly(new float[] {23 / 6f, 120 / 6f}, within(1e-5f));
  }

  /** Of the three tokens of two numbers behind the first. */
  private static float[] pooled(Pooling pooling, float... tokens) {
    float[] vector = new float[3];
    pooling.pool(tokens, 2, 3, 2, vector, 1);
    assertThat(vector[0]).isZero();
    return new float[] {vector[1], vector[2]};
  }

  @Test
  void batches_areOfOneLengthAndBounded() {
    List<Integer> lengths = List.of(5, 1000, 5, 3, 1000, 1000, 9000);

    assertThat(Batches.of(lengths, false))
        .containsExactly(List.of(3), List.of(0, 2), List.of(1, 4), List.of(5), List.of(6));
    assertThat(Batches.of(lengths, true)).hasSize(7).allMatch(batch -> batch.size() == 1);
  }

  private SentenceSettings read() throws Exception {
    return new SentenceConfigs(new Configs(DirectoryModelFiles.of(repo))).read(false);
  }

  private void refused(String why) {
    assertThatThrownBy(this::read)
        .isInstanceOf(EngineException.Broken.class)
        .hasMessageContaining(why);
  }

  private void write(String path, String text) throws Exception {
    Path file = repo.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
