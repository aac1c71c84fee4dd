package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReferenceTest {
  @Test
  void markdown_isTheDocument() throws IOException {
    assertThat(Reference.markdown())
        .as("run: ./larder config reference > docs/configuration.md")
        .isEqualTo(Files.readString(Path.of("docs/configuration.md")));
  }
}
