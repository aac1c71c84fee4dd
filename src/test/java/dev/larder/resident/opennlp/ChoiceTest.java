package dev.larder.resident.opennlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.resident.EngineException;
import dev.larder.resident.ModelOptions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files of a repo are taken, by their names. */
class ChoiceTest {
  @ParameterizedTest
  @CsvSource({
    "opennlp-en-ud-ewt-sentence-1.3-2.5.4.bin, SENTENCES",
    "opennlp-en-ud-ewt-tokens-1.0-1.9.3.bin, TOKENS",
    "opennlp-de-ud-gsd-pos-1.3-2.5.4.bin, PARTS_OF_SPEECH",
    "models/opennlp-en-sentdetect.bin, SENTENCES",
    "opennlp-en-tokenizer.bin, TOKENS",
    "en-sent.bin, SENTENCES",
    "nl-token.bin, TOKENS",
    "en-pos-maxent.bin, PARTS_OF_SPEECH",
    "EN-POS-Perceptron.BIN, PARTS_OF_SPEECH",
    "langdetect-183.bin, LANGUAGE"
  })
  void name_ofAModel_saysItsComponent(String path, Component component) {
    assertThat(Choice.of(List.of("README.md", path, "config.json"), ModelOptions.NONE))
        .extracting(Choice::path)
        .containsExactly(path);
    assertThat(Component.ofPath(path).orElseThrow().component()).isEqualTo(component);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "pytorch_model.bin",
        "model.bin",
        "tokenizer.bin",
        "en-ner-person.bin",
        "opennlp-en-ud-ewt-lemmas-1.3-2.5.4.bin",
        "en-sent.txt",
        "langdetect/model.onnx"
      })
  void name_ofAnythingElse_isNotClaimed(String path) {
    assertThat(Component.ofPath(path)).isEmpty();
    assertThat(new OpenNlpEngine().suits(List.of(path, "config.json"))).isFalse();
  }

  @Test
  void several_ofOneKind_areRefusedWithTheirNames() {
    assertThatExceptionOfType(EngineException.NothingUsable.class)
        .isThrownBy(() -> choose("en-pos-maxent.bin", "en-pos-perceptron.bin", "en-token.bin"))
        .withMessageContainingAll("en-pos-maxent.bin", "en-pos-perceptron.bin", "\"file\"");
  }

  @Test
  void several_languages_areRefused() {
    assertThatExceptionOfType(EngineException.NothingUsable.class)
        .isThrownBy(() -> choose("en-sent.bin", "de-token.bin"))
        .withMessageContainingAll("several languages (de, en)", "\"file\"");
  }

  @Test
  void one_ofSeveral_canBeNamed() {
    assertThat(Choice.of(List.of("en-sent.bin", "de-sent.bin"), ModelOptions.ofFile("de-sent.bin")))
        .extracting(Choice::path)
        .containsExactly("de-sent.bin");
  }

  @Test
  void file_thatTheRepoLacks_isNamed() {
    assertThatThrownBy(() -> Choice.of(List.of("en-sent.bin"), ModelOptions.ofFile("x.bin")))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContainingAll("no file x.bin", "The repo has en-sent.bin");
  }

  @Test
  void repo_withoutModels_isListed() {
    assertThatThrownBy(() -> choose("model.safetensors", "config.json"))
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContainingAll("model.safetensors", "config.json");
    assertThatThrownBy(() -> choose())
        .isInstanceOf(EngineException.NothingUsable.class)
        .hasMessageContaining("The repo has no files.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"pytorch_model.bin", "a/model.pkl", "weights.pt", "x.pth", "y.JOBLIB"})
  void pickles_alone_areUnsafe(String path) {
    assertThatThrownBy(() -> choose("config.json", path))
        .isInstanceOf(EngineException.UnsafeFormat.class)
        .hasMessageContaining(path);
    assertThatThrownBy(() -> Choice.of(List.of(path, "en-sent.bin"), ModelOptions.ofFile(path)))
        .isInstanceOf(EngineException.UnsafeFormat.class);
  }

  private static List<Choice> choose(String... paths) {
    return Choice.of(List.of(paths), ModelOptions.NONE);
  }
}
