package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Bodies that break on their way from the upstream: what the client sees, what the disk holds. */
final class ServeFaultsTest extends SiteFixture {
  private static final int SMALL = 3 << 20;
  private static final int LARGE = 24 << 20;

  private byte[] bytes = new byte[0];
  private Commit commit = new Commit("0".repeat(40));

  @BeforeEach
  void waitForNobody() {
    tuning = IMPATIENT;
  }

  private void offer(int size) {
    bytes = Bytes.of(size, size);
    repo.lfs("model.bin", bytes);
    commit = repo.commit("main");
  }

  /** The first try of a client gets all, whatever happened behind it, and the disk holds it. */
  private void assertHealed(int size, double mostUpstream, Consumer<HubFault> fault) {
    offer(size);
    fault.accept(hub.onFile(""));
    Got got = get(MODEL);
    assertThat(got.status()).isEqualTo(200);
    assertThat(got.complete()).isTrue();
    assertThat(got.cache()).isEqualTo("MISS");
    assertThat(got.body()).isEqualTo(bytes);
    assertThat((double) hub.fileBytesSent()).isLessThanOrEqualTo(size * mostUpstream);
    assertPublished(stop());
  }

  private void assertPublished(OnDisk disk) {
    assertThat(disk.blobs()).hasSize(1);
    assertThat(disk.unfinished()).isEmpty();
    assertThat(disk.quarantined()).isEmpty();
    String hex = Bytes.digest(bytes).hex();
    assertThat(disk.tree(FOLDER))
        .contains("blobs/" + hex, "refs/main", "snapshots/" + commit.hex() + "/model.bin");
    assertThat(OnDisk.bytes(disk.inTree(FOLDER, "snapshots/" + commit.hex() + "/model.bin")))
        .isEqualTo(bytes);
    assertThat(disk.inTree(FOLDER, "refs/main")).hasContent(commit.hex());
  }

  private static void assertNothingPublished(OnDisk disk) {
    assertThat(disk.blobs()).isEmpty();
    assertThat(disk.tree(FOLDER)).noneMatch(name -> name.startsWith("blobs/"));
    assertThat(disk.tree(FOLDER)).noneMatch(name -> name.startsWith("snapshots/"));
    assertThat(disk.tree(FOLDER)).noneMatch(name -> name.startsWith("refs/"));
  }

  @Test
  void smallFile_cutAtHalf_firstTryGetsAllAndNothingIsFetchedTwice() {
    assertHealed(SMALL, 1.01, fault -> fault.cutAfter(SMALL / 2));
  }

  @Test
  void largeFile_everyRangeCut_firstTryGetsAllAndNothingIsFetchedTwice() {
    assertHealed(LARGE, 1.01, fault -> fault.cutAfter(1 << 20).times(8));
  }

  @Test
  void file_connectionStalls_restIsFetchedAnew() {
    assertHealed(SMALL, 1.01, fault -> fault.stallAfter(1 << 20));
  }

  @Test
  void largeFile_oneRangeStalls_restIsFetchedAnew() {
    assertHealed(LARGE, 1.01, fault -> fault.stallAfter(1000));
  }

  @Test
  void file_throttled_arrives() {
    assertHealed(SMALL, 1.01, fault -> fault.throttle(4 << 20).always());
  }

  @Test
  void file_hangUpBeforeAnswer_isAskedAgain() {
    assertHealed(SMALL, 1.01, HubFault::hangUp);
  }

  @Test
  void largeFile_rangesIgnored_oneStreamBringsItOnce() {
    assertHealed(LARGE, 1.35, fault -> fault.ignoreRange().always());
  }

  @Test
  void largeFile_rangesIgnoredAndCut_doesNotAppendAWholeBodyToAPart() {
    assertHealed(
        LARGE,
        2.5,
        fault -> {
          fault.ignoreRange().always();
          hub.onFile("").cutAfter(LARGE / 2);
        });
  }

  @Test
  void file_withoutLength_arrives() {
    assertHealed(SMALL, 1.01, HubFault::withoutLength);
  }

  @Test
  void file_chunked_arrives() {
    assertHealed(SMALL, 1.01, HubFault::chunked);
  }

  @Test
  void file_declaredTooLong_isAskedAgain() {
    assertHealed(SMALL, 2.01, fault -> fault.lieAboutLength(10));
  }

  @Test
  void file_declaredTooShort_isAskedAgain() {
    assertHealed(SMALL, 2.01, fault -> fault.lieAboutLength(-10));
  }

  @Test
  void largeFile_wrongContentRange_isAskedAgain() {
    assertHealed(
        LARGE, 1.5, fault -> fault.header("Content-Range", "bytes 7-4194310/" + LARGE).times(1));
  }

  @Test
  void file_htmlInsteadOfBytes_isAskedAgain() {
    assertHealed(SMALL, 1.01, HubFault::html);
  }

  @Test
  void file_compressedAnswer_isAskedAgain() {
    assertHealed(SMALL, 2.01, HubFault::gzip);
  }

  @Test
  void file_busyWithRetryAfter_waitsAndArrives() {
    assertHealed(SMALL, 1.01, fault -> fault.status(429, "Retry-After", "1"));
  }

  @Test
  void file_brokenGateway_isAskedAgain() {
    assertHealed(SMALL, 1.01, fault -> fault.status(502).times(2));
  }

  @Test
  void file_expiredLink_isFoundAnew() {
    offer(LARGE);
    HubFault slow = hub.onFile("").stallAfter(1000);
    var got = getting(MODEL);
    awaitMet(slow);
    hub.expireLinks();
    slow.release();
    assertThat(got.join().body()).isEqualTo(bytes);
    assertPublished(stop());
  }

  @Test
  void file_oneByteWrongOnce_clientGetsTheGoodOneAndTheBadOneIsQuarantined() {
    offer(1 << 19);
    hub.onFile("").corrupt(77);
    Got got = get(MODEL);
    assertThat(got.complete()).isTrue();
    assertThat(got.body()).isEqualTo(bytes);
    OnDisk disk = stop();
    assertThat(disk.blobs()).hasSize(1);
    assertThat(disk.quarantined()).hasSize(1);
    assertThat(disk.unfinished()).isEmpty();
  }

  @Test
  void file_oneByteAlwaysWrong_noClientGetsAllOfItAndNothingIsPublished() {
    offer(SMALL);
    hub.onFile("").corrupt(77).always();
    Got got = get(MODEL);
    assertThat(got.complete() && got.status() == 200).isFalse();
    assertThat(got.body().length).isLessThan(SMALL);
    OnDisk disk = restart();
    assertNothingPublished(disk);
    assertThat(disk.quarantined()).isNotEmpty();
    assertThat(disk.unfinished()).isEmpty();

    hub.clearFaults();
    Got healed = get(MODEL);
    assertThat(healed.complete()).isTrue();
    assertThat(healed.body()).isEqualTo(bytes);
    assertThat(stop().blobs()).hasSize(1);
  }

  @Test
  void tinyFile_alwaysWrong_isRefusedWith502AndRests() {
    offer(1000);
    hub.onFile("").corrupt(77).always();
    Got got = get(MODEL);
    assertThat(got.complete() && got.status() == 200).isFalse();
    assertThat(got.body().length).isLessThan(1000);
    int asked = hub.downloads("").size();
    assertThat(asked).isLessThanOrEqualTo(3);
    Got again = get(MODEL);
    assertThat(again.complete() && again.status() == 200).isFalse();
    assertNothingPublished(stop());
  }

  @Test
  void largeFile_otherVersionBetweenRanges_isNeverMixed() {
    offer(LARGE);
    hub.on(r -> r.range().filter(range -> !range.startsWith("bytes=0-")).isPresent())
        .etag("\"" + "e".repeat(64) + "\"")
        .always();
    Got got = get(MODEL);
    assertThat(got.complete() && got.status() == 200).isFalse();
    OnDisk disk = restart();
    assertNothingPublished(disk);

    hub.clearFaults();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(stop().blobs()).hasSize(1);
  }

  @Test
  void largeFile_upstreamGoesAwayForGood_clientIsCutAndWhatLandedIsKept() {
    offer(LARGE);
    hub.onFile("").cutAfter(2 << 20).always();
    hub.on(r -> r.range().filter(range -> !range.startsWith("bytes=0-")).isPresent())
        .status(503)
        .always();
    Got got = get(MODEL);
    assertThat(got.complete() && got.status() == 200).isFalse();
    OnDisk disk = restart();
    assertNothingPublished(disk);
    assertThat(disk.unfinished()).isNotEmpty();

    hub.clearFaults();
    hub.clearLog();
    Got healed = get(MODEL);
    assertThat(healed.body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isLessThanOrEqualTo(LARGE - (1 << 20));
    assertThat(stop().unfinished()).isEmpty();
  }

  @Test
  void smallGitFile_everyFaultOnce_arrives() {
    byte[] config = "{\"a\": 1}".repeat(100).getBytes(java.nio.charset.StandardCharsets.UTF_8);
    repo.file("config.json", config);
    repo.commit("main");
    hub.onFile("config.json").cutAfter(300);
    hub.onFile("config.json").html();
    Got got = get("/hf/o/r/resolve/main/config.json");
    assertThat(got.body()).isEqualTo(config);
    assertThat(got.header("ETag")).isEqualTo('"' + Bytes.gitId(config).hex() + '"');
    assertThat(stop().blobs()).hasSize(1);
  }

  private static void awaitMet(HubFault fault) {
    try {
      fault.awaitMet();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void herdOnABrokenFile_upstreamIsNotAskedInALoop() {
    offer(1000);
    hub.onFile("").corrupt(5).always();
    long started = System.nanoTime();
    var clients = java.util.stream.IntStream.range(0, 8).mapToObj(_ -> getting(MODEL)).toList();
    clients.forEach(
        client -> {
          Got got = client.join();
          assertThat(got.complete() && got.status() == 200).isFalse();
        });
    assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(Duration.ofSeconds(20));
    assertThat(hub.downloads("").size()).isLessThanOrEqualTo(24);
    assertNothingPublished(stop());
  }
}
