package dev.larder.upstream.huggingface;

import static dev.larder.upstream.huggingface.HubFixture.CONFIG;
import static dev.larder.upstream.huggingface.HubFixture.CONFIG_BYTES;
import static dev.larder.upstream.huggingface.HubFixture.MODEL;
import static dev.larder.upstream.huggingface.HubFixture.MODEL_BYTES;
import static dev.larder.upstream.huggingface.HubFixture.read;
import static dev.larder.upstream.huggingface.HubFixture.rest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.ByteRange;
import dev.larder.content.EntryPath;
import dev.larder.content.Retry;
import dev.larder.testing.HubFault;
import dev.larder.upstream.Credential;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.RemoteContent.Body;
import dev.larder.upstream.UpstreamException.UpstreamBusy;
import dev.larder.upstream.UpstreamException.UpstreamLied;
import dev.larder.upstream.UpstreamException.UpstreamRefused;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import dev.larder.upstream.WireSettings;
import dev.larder.upstream.WireSettings.MinimumRate;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class HubContentTest {
  private final HubFixture fixture = new HubFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void open_whole_bringsAllBytes() {
    assertThat(read(fixture.content(MODEL), null)).isEqualTo(MODEL_BYTES);
    assertThat(read(fixture.content(CONFIG), null)).isEqualTo(CONFIG_BYTES);
  }

  @Test
  void open_range_saysWhereItIs() {
    try (Body body = fixture.content(MODEL).open(new ByteRange(1000, 2000), null)) {
      assertThat(body.partial()).isTrue();
      assertThat(body.start()).isEqualTo(1000);
      assertThat(body.end()).isEqualTo(2000);
      assertThat(body.totalBytes()).isEqualTo(MODEL_BYTES.length);
      assertThat(body.validator()).isPresent();
      assertThat(rest(body)).isEqualTo(Arrays.copyOfRange(MODEL_BYTES, 1000, 2000));
    }
  }

  @Test
  void open_again_asksTheHubOnlyOnce() {
    RemoteContent content = fixture.content(MODEL);
    for (int i = 0; i < 4; i++) {
      read(content, new ByteRange(i, 10_000));
    }
    assertThat(fixture.hub.requests()).hasSize(5);
  }

  @Test
  void open_inParallel_asksTheHubOnlyOnce() {
    RemoteContent content = fixture.content(MODEL);
    CompletableFuture<?>[] all =
        IntStream.range(0, 8)
            .mapToObj(
                i -> CompletableFuture.runAsync(() -> read(content, new ByteRange(i, 100_000))))
            .toArray(CompletableFuture<?>[]::new);
    CompletableFuture.allOf(all).join();
    assertThat(fixture.hub.requests(r -> r.path().contains("/resolve/"))).hasSize(1);
  }

  @Test
  void open_afterTheAddressExpired_asksAgain() {
    RemoteContent content = fixture.content(MODEL);
    read(content, new ByteRange(0, 10));
    fixture.hub.expireLinks();
    assertThat(read(content, new ByteRange(10, 20)))
        .isEqualTo(Arrays.copyOfRange(MODEL_BYTES, 10, 20));
  }

  @Test
  void open_refusedForGood_triesOnceMoreOnly() {
    RemoteContent content = fixture.content(MODEL);
    read(content, null);
    fixture.hub.clearLog();
    fixture.hub.onFile("model").always().status(403);
    assertThatThrownBy(() -> read(content, null))
        .isInstanceOf(UpstreamRefused.class)
        .hasMessageNotContaining("Signature")
        .hasMessageContaining("403");
    assertThat(fixture.hub.requests()).hasSize(3);
  }

  @Test
  void open_ofMissingFile_isRefused() {
    assertThatThrownBy(() -> read(fixture.content(new EntryPath("no.bin")), null))
        .isInstanceOfSatisfying(UpstreamRefused.class, e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void open_rangeIgnored_saysThatItIsTheWhole() {
    fixture.hub.onFile("model").ignoreRange();
    try (Body body = fixture.content(MODEL).open(new ByteRange(1000, 2000), null)) {
      assertThat(body.partial()).isFalse();
      assertThat(body.start()).isZero();
      assertThat(body.end()).isEqualTo(MODEL_BYTES.length);
    }
  }

  @Test
  void open_changedSince_givesTheWhole() {
    try (Body body = fixture.content(MODEL).open(new ByteRange(5, 10), "\"another\"")) {
      assertThat(body.partial()).isFalse();
    }
  }

  @Test
  void open_partOfAnotherVersion_isALie() {
    RemoteContent content = fixture.content(MODEL);
    String tag;
    try (Body body = content.open(new ByteRange(0, 5), null)) {
      tag = body.validator().orElseThrow();
      rest(body);
    }
    fixture.hub.onFile("model").etag("\"changed\"");
    assertThatThrownBy(() -> content.open(new ByteRange(5, 10), tag))
        .isInstanceOf(UpstreamLied.class);
  }

  @Test
  void open_wrongPart_isALie() {
    fixture.hub.onFile("model").header("Content-Range", "bytes 0-999/300000");
    assertThatThrownBy(() -> fixture.content(MODEL).open(new ByteRange(1000, 2000), null))
        .isInstanceOf(UpstreamLied.class);
    fixture.hub.onFile("model").dropHeader("Content-Range");
    assertThatThrownBy(() -> fixture.content(MODEL).open(new ByteRange(1000, 2000), null))
        .isInstanceOf(UpstreamLied.class);
  }

  @Test
  void open_compressed_isALie() {
    fixture.hub.onFile("model").gzip();
    assertThatThrownBy(() -> read(fixture.content(MODEL), null)).isInstanceOf(UpstreamLied.class);
  }

  @Test
  void open_busy_saysWhenToComeBackButNeverLongAway() {
    fixture.hub.onFile("model").status(503, "Retry-After", "3");
    assertThatThrownBy(() -> read(fixture.content(MODEL), null))
        .isInstanceOfSatisfying(
            UpstreamBusy.class,
            e -> assertThat(e.retry()).isEqualTo(Retry.after(Duration.ofSeconds(3))));
    fixture.hub.onFile("model").status(429, "Retry-After", "86400");
    assertThatThrownBy(() -> read(fixture.content(MODEL), null))
        .isInstanceOfSatisfying(
            UpstreamBusy.class,
            e -> assertThat(e.retry()).isEqualTo(Retry.after(Duration.ofSeconds(10))));
  }

  @Test
  void read_cut_isNotAnEnd() {
    fixture.hub.onFile("model").cutAfter(100_001);
    assertThatThrownBy(() -> read(fixture.content(MODEL), null))
        .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isFalse())
        .hasMessageContaining("100001 of 300000");
  }

  @Test
  void read_shorterThanDeclared_isNotAnEnd() {
    fixture.hub.onFile("model").lieAboutLength(10);
    assertThatThrownBy(() -> read(fixture.content(MODEL), null))
        .isInstanceOf(UpstreamUnreachable.class);
  }

  @Test
  void read_longerThanDeclared_givesWhatWasDeclaredAndDropsTheConnection() {
    fixture.hub.onFile("model").lieAboutLength(-10);
    RemoteContent content = fixture.content(MODEL);
    assertThat(read(content, null)).hasSize(MODEL_BYTES.length - 10);
    assertThat(read(content, null)).isEqualTo(MODEL_BYTES);
  }

  @Test
  void read_partWithoutLengthThatBreaks_isNotAnEnd() {
    fixture.hub.onFile("model").withoutLength().cutAfter(100);
    assertThatThrownBy(() -> read(fixture.content(MODEL), new ByteRange(0, 1000)))
        .isInstanceOf(UpstreamUnreachable.class);
  }

  @Test
  void read_chunked_bringsAllBytes() {
    fixture.hub.onFile("model").times(2).chunked();
    assertThat(read(fixture.content(MODEL), null)).isEqualTo(MODEL_BYTES);
    assertThat(read(fixture.content(MODEL), new ByteRange(7, 200_000)))
        .isEqualTo(Arrays.copyOfRange(MODEL_BYTES, 7, 200_000));
  }

  @Test
  void read_stalled_timesOut() {
    fixture.hub.onFile("model").stallAfter(1000);
    try (HubClient hasty =
        fixture.client(WireSettings.DEFAULT.withStallTimeout(Duration.ofMillis(200)))) {
      RemoteContent content = fixture.content(hasty, MODEL, Credential.ANONYMOUS);
      assertThatThrownBy(() -> read(content, null))
          .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue());
    }
  }

  @Test
  void read_dripping_isGivenUp() {
    fixture.hub.onFile("model").throttle(200);
    MinimumRate rate = new MinimumRate(10_000, Duration.ofMillis(400));
    try (HubClient strict = fixture.client(WireSettings.DEFAULT.withMinimumRate(rate))) {
      RemoteContent content = fixture.content(strict, MODEL, Credential.ANONYMOUS);
      assertThatThrownBy(() -> read(content, null))
          .isInstanceOf(UpstreamUnreachable.class)
          .hasMessageContaining("bytes a second");
    }
  }

  @Test
  void close_fromAnotherThread_endsABlockedRead() throws Exception {
    HubFault stall = fixture.hub.onFile("model").stallAfter(1000);
    Body body = fixture.content(MODEL).open(null, null);
    CompletableFuture<byte[]> reading = CompletableFuture.supplyAsync(() -> rest(body));
    stall.awaitMet();
    body.close();
    assertThat(reading)
        .failsWithin(Duration.ofSeconds(5))
        .withThrowableThat()
        .withCauseInstanceOf(UpstreamUnreachable.class);
  }

  @Test
  void open_slowFirstByte_endsInTime() {
    fixture.hub.onFile("model").delay(Duration.ofSeconds(3));
    try (HubClient hasty =
        fixture.client(WireSettings.DEFAULT.withOpenTimeout(Duration.ofMillis(300)))) {
      RemoteContent content = fixture.content(hasty, MODEL, Credential.ANONYMOUS);
      assertThatThrownBy(() -> content.open(null, null))
          .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue());
    }
  }

  @Test
  void description_holdsNoAddress() {
    RemoteContent content = fixture.content(MODEL);
    read(content, null);
    assertThat(content.description())
        .isEqualTo("org/name@" + fixture.commit.hex().substring(0, 8) + "/sub/model 1.bin");
  }
}
