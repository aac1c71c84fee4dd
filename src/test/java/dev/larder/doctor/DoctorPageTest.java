package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** {@code docs/doctor.md} against the codes there are. */
class DoctorPageTest {
  @Test
  void tableOfThePage_isThatOfTheCode() throws IOException {
    List<String> rows =
        Files.readAllLines(Path.of("docs", "doctor.md")).stream()
            .dropWhile(line -> !line.startsWith("## Everything"))
            .filter(line -> line.startsWith("| `"))
            .toList();

    assertThat(rows)
        .containsExactlyElementsOf(Arrays.stream(Code.values()).map(this::row).toList());
  }

  private String row(Code code) {
    String severity = code.severity().name().toLowerCase(Locale.ROOT);
    return "| `%s` | %s | %s |".formatted(code.text(), severity, code.why());
  }
}
