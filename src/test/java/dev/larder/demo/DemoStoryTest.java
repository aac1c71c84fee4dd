package dev.larder.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The story on a stage that is a plain file cache over real sockets, good or with one fault. */
class DemoStoryTest {
  @TempDir Path directory;
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
  private final List<Path> roots = new ArrayList<>();

  @Test
  void tell_goodStage_showsEveryStepAndItsFigures() throws IOException {
    try (DemoStory story = story(PlainStage.Fault.NONE)) {
      story.tell();
    }

    assertThat(text())
        .contains("1. Cold pull", "2. Warm pull", "3. One byte", "4. The hub", "5. 16 clients")
        .contains("1 damaged, 1 repaired")
        .contains("16 of 16 got the right bytes")
        .contains("6. The model", "A and C: cosine", "<- alike", "total_entries")
        .contains("cached run", "ratio", "all saved");
  }

  @Test
  void close_afterwards_leavesNothingOnDisk() throws IOException {
    try (DemoStory story = story(PlainStage.Fault.NONE)) {
      story.tell();
    }

    assertThat(roots).isNotEmpty().allSatisfy(root -> assertThat(root.getParent()).doesNotExist());
  }

  @Test
  void tell_warmPullFetchesAgain_isNotToldAsSuccess() throws IOException {
    try (DemoStory story = story(PlainStage.Fault.FETCHES_AGAIN)) {
      assertThatThrownBy(story::tell)
          .isInstanceOf(DemoException.StoryBroken.class)
          .hasMessageContaining("warm pull");
    }
  }

  @Test
  void tell_repairLeavesTheDamage_isNotToldAsSuccess() throws IOException {
    try (DemoStory story = story(PlainStage.Fault.DOES_NOT_REPAIR)) {
      assertThatThrownBy(story::tell)
          .isInstanceOf(DemoException.StoryBroken.class)
          .hasMessageContaining("repair");
    }
  }

  @Test
  void tell_modelIsLoadedAgain_isNotToldAsSuccess() throws IOException {
    try (DemoStory story = story(PlainStage.Fault.LOADS_AGAIN)) {
      assertThatThrownBy(story::tell)
          .isInstanceOf(DemoException.StoryBroken.class)
          .hasMessageContaining("memory");
    }
  }

  private DemoStory story(PlainStage.Fault fault) throws IOException {
    DemoOutput output =
        new DemoOutput(
            new PrintWriter(told, true, StandardCharsets.UTF_8),
            new PrintWriter(System.err, true),
            false);
    return DemoStory.open(
        smallPackage(),
        (root, upstream) -> {
          roots.add(root);
          return new PlainStage(root, upstream, fault);
        },
        output);
  }

  private String text() {
    return told.toString(StandardCharsets.UTF_8);
  }

  private Path smallPackage() throws IOException {
    byte[] weights = new byte[2_000_000];
    new Random(7).nextBytes(weights);
    Path jar = directory.resolve("package.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new ZipEntry(DemoModel.WEIGHTS));
      entries.write(weights);
      entries.putNextEntry(new ZipEntry(DemoModel.TOKENIZER));
      entries.write("{}".getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }
}
