package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  @ParameterizedTest
  @CsvSource({"'', abc, 3", "abc, abc, 0", "abc, acb, 1", "port, prot, 1", "kitten, sitting, 3"})
  void distance_countsEdits(String a, String b, int edits) {
    assertThat(NearestName.distance(a, b)).isEqualTo(edits);
    assertThat(NearestName.distance(b, a)).isEqualTo(edits);
  }

  @Test
  void of_nothingNear_isEmpty() {
    assertThat(NearestName.of("zzzzzz", List.of("port", "host"))).isEmpty();
  }
}
