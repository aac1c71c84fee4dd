package dev.larder.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class FakeContentTest {
  @Test
  void matches_whatIsWritten_andNothingElse() throws IOException {
    FakeContent content = FakeContent.generated(200_000, 7);
    for (int[] part :
        new int[][] {{0, 200_000}, {65_530, 65_545}, {3, 70_000}, {131_071, 131_073}}) {
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      content.write(written, part[0], part[1]);
      byte[] bytes = written.toByteArray();
      assertThat(content.matches(bytes, part[0])).isTrue();
      for (int i = 0; i < bytes.length; i += 1 + bytes.length / 50) {
        bytes[i] ^= 1;
        assertThat(content.matches(bytes, part[0])).as("byte " + i).isFalse();
        bytes[i] ^= 1;
      }
    }
  }
}
