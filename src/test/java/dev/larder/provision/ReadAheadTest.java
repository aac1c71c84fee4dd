package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

/** Bytes that another thread reads ahead, and what ends them. */
class ReadAheadTest {
  private static final class Failing extends InputStream {
    private final Throwable failure;

    Failing(Throwable failure) {
      this.failure = failure;
    }

    @Override
    public int read() throws IOException {
      switch (failure) {
        case IOException e -> throw e;
        case Error e -> throw e;
        default -> throw (RuntimeException) failure;
      }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return read();
    }
  }

  @Test
  void bytes_comeAsTheyAre() throws IOException {
    byte[] bytes = dev.larder.testing.Bytes.of(1, 3_000_000);
    try (InputStream ahead = new ReadAhead(new ByteArrayInputStream(bytes))) {
      assertThat(ahead.read()).isEqualTo(bytes[0] & 0xff);
      assertThat(ahead.readAllBytes()).hasSize(bytes.length - 1).endsWith(bytes[bytes.length - 1]);
      assertThat(ahead.read()).isNegative();
    }
  }

  @Test
  void failure_ofAnyKind_reachesTheReader() {
    for (Throwable failure :
        new Throwable[] {new IOException("a"), new IllegalStateException("b"), new Error("c")}) {
      Assertions.assertTimeoutPreemptively(
          Duration.ofSeconds(30),
          () -> {
            try (InputStream ahead = new ReadAhead(new Failing(failure))) {
              assertThatThrownBy(() -> ahead.read(new byte[10]))
                  .hasMessageContaining(failure.getMessage())
                  .isInstanceOfAny(IOException.class, Error.class);
            }
          });
    }
  }
}
