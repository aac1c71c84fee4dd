package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FileDescriptorsTest {
  @ParameterizedTest
  @CsvSource({"256, 128", "1024, 512", "20000, 10000", "1048576, 10000"})
  void connections_takeAtMostHalfOfTheDescriptors(int descriptors, int connections) {
    FileDescriptors.require(descriptors);

    assertThat(DoorSettings.connections(descriptors, 4L << 30)).isEqualTo(connections);
  }

  @ParameterizedTest
  @CsvSource({"64, 2520", "112, 4411", "280, 10000", "4096, 10000"})
  void connections_areNoMoreThanTheHeapHasRoomFor(long mebibytes, int connections) {
    assertThat(DoorSettings.connections(1 << 20, mebibytes << 20)).isEqualTo(connections);
  }

  @Test
  void require_tooFew_namesTheLimitAndHowToRaiseIt() {
    assertThatThrownBy(() -> FileDescriptors.require(255))
        .isInstanceOf(HttpException.TooFewDescriptors.class)
        .hasMessageContaining("255")
        .hasMessageContaining("ulimit -n");
  }
}
