package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FileSelectionTest {
  private static final List<EntryPath> REPO =
      Stream.of("config.json", "onnx/model.onnx", "onnx/q/model.onnx", "model.safetensors")
          .map(EntryPath::new)
          .toList();

  @Test
  void selects_nothingGiven_everything() {
    assertThat(selected(FileSelection.ALL)).hasSize(4);
    assertThat(FileSelection.ALL.all()).isTrue();
  }

  @Test
  void selects_files_thoseAndWhatIsBelowDirectories() {
    var selection = new FileSelection(List.of("config.json", "onnx/"), List.of(), List.of());

    assertThat(selected(selection))
        .containsExactly("config.json", "onnx/model.onnx", "onnx/q/model.onnx");
    assertThat(selection.single()).containsExactly(new EntryPath("config.json"));
  }

  @Test
  void selects_patterns_includedLessExcluded() {
    var selection = new FileSelection(List.of(), List.of("*.onnx", "config.*"), List.of("onnx/q/"));

    assertThat(selected(selection)).containsExactly("config.json", "onnx/model.onnx");
  }

  @Test
  void selects_excludeAlone_everythingElse() {
    var selection = new FileSelection(List.of(), List.of(), List.of("*.onnx"));

    assertThat(selected(selection)).containsExactly("config.json", "model.safetensors");
  }

  @Test
  void absentFrom_namesWhatTheRepoLacks() {
    var selection =
        new FileSelection(List.of("config.json", "onnx/", "tf/", "x.bin"), List.of(), List.of());

    assertThat(selection.absentFrom(REPO)).containsExactly("tf/", "x.bin");
  }

  @Test
  void constructor_pathOutOfTheRepo_isRefused() {
    assertThatThrownBy(() -> new FileSelection(List.of("../x"), List.of(), List.of()))
        .isInstanceOf(InvalidName.class);
  }

  private static List<String> selected(FileSelection selection) {
    return REPO.stream().filter(selection::selects).map(EntryPath::value).toList();
  }
}
