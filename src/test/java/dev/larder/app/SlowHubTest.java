package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.mirror.MirrorSettings;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.transfer.TransferSettings;
import dev.larder.upstream.WireSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A hub whose bytes come slowly: clients give up when they hear nothing for 10 s. */
@Timeout(20)
final class SlowHubTest extends SiteFixture {
  /** What a client may have to wait for without hearing anything. */
  private static final int SILENT = 4 << 10;

  private byte[] bytes = {};

  @BeforeEach
  void bePatient() {
    WireSettings patient = WireSettings.DEFAULT.withStallTimeout(Duration.ofSeconds(60));
    tuning = new Tuning(TransferSettings.DEFAULTS, patient, MirrorSettings.PATIENCE);
  }

  /** The hub stops in front of the last bytes. */
  private HubFault offer(int size) {
    bytes = Bytes.of(5, size);
    repo.lfs("model.bin", bytes).commit("main");
    return hub.onFile("model.bin").stallAfter(size - SILENT);
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 1_000_000, 3_000_000})
  void slowFile_isGivenAsItComes(int size) throws IOException {
    HubFault slow = offer(size);

    HttpResponse<InputStream> got = open("GET", MODEL);
    try (InputStream body = got.body()) {
      assertThat(got.statusCode()).isEqualTo(200);
      assertThat(body.readNBytes(size - SILENT)).isEqualTo(Arrays.copyOf(bytes, size - SILENT));
      slow.release();
      assertThat(body.readAllBytes()).hasSize(SILENT);
    }
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(stop().blobs()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {20_000, 1_000_000, 3_000_000})
  void slowFileThatIsWrong_neverCompletes(int size) throws IOException {
    HubFault slow = offer(size).corrupt(7);

    HttpResponse<InputStream> got = open("GET", MODEL);
    byte[] first = got.body().readNBytes(size - SILENT);
    slow.release();

    assertThat(first).hasSize(size - SILENT);
    assertThat(read(got).complete()).isFalse();
    assertThat(stop().blobs()).isEmpty();
  }

  @Test
  void slowResume_isGivenAsItComes() throws IOException {
    HubFault slow = offer(1_000_000);

    HttpResponse<InputStream> got = open("GET", MODEL, "Range", "bytes=500000-");
    try (InputStream body = got.body()) {
      assertThat(got.statusCode()).isEqualTo(206);
      assertThat(body.readNBytes(500_000 - SILENT)).hasSize(500_000 - SILENT);
      slow.release();
      assertThat(body.readAllBytes()).hasSize(SILENT);
    }
  }

  /** It is tried again where the client does not see it. */
  @Test
  void smallFileThatIsWrongOnce_isStillGivenWhole() {
    bytes = Bytes.of(5, 100_000);
    repo.lfs("model.bin", bytes).commit("main");
    hub.onFile("model.bin").corrupt(7);
    assertThat(get(MODEL).body()).isEqualTo(bytes);
  }
}
