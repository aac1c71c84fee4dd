package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many readers of one cold file, and readers of parts of it. */
final class ServeHerdTest extends SiteFixture {
  private static final int SIZE = 24 << 20;
  private static final int MIB = 1 << 20;

  private final byte[] bytes = Bytes.of(7, SIZE);

  private void offer() {
    repo.lfs("model.bin", bytes);
    repo.commit("main");
  }

  private byte[] part(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  @Test
  void sixteenColdClients_shareOneDownload() {
    offer();
    hub.throttle(MIB);
    server();
    List<CompletableFuture<Got>> clients =
        IntStream.range(0, 16).mapToObj(_ -> getting(MODEL)).toList();
    List<Got> all = clients.stream().map(CompletableFuture::join).toList();
    assertThat(all)
        .allSatisfy(
            got -> {
              assertThat(got.complete()).isTrue();
              assertThat(got.body()).isEqualTo(bytes);
              assertThat(got.cache()).isIn("MISS", "JOINED");
            });
    assertThat(all.stream().filter(got -> got.cache().equals("MISS"))).hasSize(1);
    assertThat((double) hub.fileBytesSent()).isLessThanOrEqualTo(SIZE * 1.01);
    long first = all.stream().mapToLong(Got::firstByteNanos).min().orElseThrow();
    long last = all.stream().mapToLong(Got::firstByteNanos).max().orElseThrow();
    assertThat(Duration.ofNanos(last - first)).isLessThan(Duration.ofMillis(2500));
    assertThat(stop().blobs()).hasSize(1);
  }

  /** They come by one download, and each has its place in the tree. */
  @Test
  void filesOfTheSameBytes_atOnce_areOneDownloadAndAllAppear() throws IOException {
    byte[] same = part(0, MIB);
    Commit commit = repo.lfs("model.bin", same).lfs("copy/model.bin", same).commit("main");
    HubFault silent = hub.onFile("model.bin").stallAfter(MIB / 2);
    HttpResponse<InputStream> one = open("GET", MODEL);
    assertThat(one.body().readNBytes(1000)).hasSize(1000);
    HttpResponse<InputStream> two = open("GET", "/hf/o/r/resolve/main/copy/model.bin");
    assertThat(two.headers().firstValue("X-Larder-Cache")).hasValue("JOINED");
    silent.release();
    assertThat(Arrays.equals(read(two).body(), same)).isTrue();
    assertThat(read(one).complete()).isTrue();
    assertThat(hub.fileBytesSent()).isEqualTo(MIB);
    String snapshot = "snapshots/" + commit + "/";
    assertThat(stop().tree("models--o--r"))
        .contains(snapshot + "model.bin", snapshot + "copy/model.bin");
  }

  @Test
  void readersJoiningMidway_getTheirPartsFromTheSameDownload() throws IOException {
    offer();
    hub.throttle(2 * MIB);
    HttpResponse<InputStream> running = open("GET", MODEL);
    assertThat(running.body().read()).isEqualTo(bytes[0] & 0xff);
    var tail = getting(MODEL, "Range", "bytes=" + 20 * MIB + "-");
    var middle = getting(MODEL, "Range", "bytes=" + 11 * MIB + "-" + (12 * MIB - 1));
    var end = getting(MODEL, "Range", "bytes=-1000");
    var start = getting(MODEL, "Range", "bytes=0-99");
    assertThat(start.join().body()).isEqualTo(part(0, 100));
    assertThat(middle.join().body()).isEqualTo(part(11 * MIB, 12 * MIB));
    assertThat(tail.join().body()).isEqualTo(part(20 * MIB, SIZE));
    assertThat(end.join().body()).isEqualTo(part(SIZE - 1000, SIZE));
    assertThat(tail.join().header("Content-Range"))
        .isEqualTo("bytes " + 20 * MIB + "-" + (SIZE - 1) + "/" + SIZE);
    assertThat(List.of(start, middle, tail, end))
        .allSatisfy(got -> assertThat(got.join().status()).isEqualTo(206))
        .allSatisfy(got -> assertThat(got.join().cache()).isEqualTo("JOINED"));
    assertThat(read(running).body()).isEqualTo(part(1, SIZE));
    assertThat((double) hub.fileBytesSent()).isLessThanOrEqualTo(SIZE * 1.25);
  }

  @Test
  void loneRange_inAColdFile_fetchesLittleAndIsKept() {
    offer();
    Got got = get(MODEL, "Range", "bytes=" + 10 * MIB + "-" + (11 * MIB - 1));
    assertThat(got.status()).isEqualTo(206);
    assertThat(got.body()).isEqualTo(part(10 * MIB, 11 * MIB));
    OnDisk disk = restart();
    assertThat(hub.fileBytesSent()).isLessThanOrEqualTo(8 * MIB);
    assertThat(disk.blobs()).isEmpty();
    assertThat(disk.unfinished()).hasSize(2);

    hub.clearLog();
    Got again = get(MODEL, "Range", "bytes=" + 10 * MIB + "-" + (11 * MIB - 1));
    assertThat(again.body()).isEqualTo(part(10 * MIB, 11 * MIB));
    assertThat(hub.fileBytesSent()).isZero();
    assertThat(get(MODEL).body()).isEqualTo(bytes);
    assertThat(hub.fileBytesSent()).isLessThanOrEqualTo(SIZE - MIB + SIZE / 100);
    OnDisk done = stop();
    assertThat(done.blobs()).hasSize(1);
    assertThat(done.unfinished()).isEmpty();
  }

  @Test
  void loneRange_whileTheRestStalls_passes() {
    offer();
    // It is asked for by itself, or comes with the segment it lies in.
    Set<String> passing = Set.of("10485760", "8388608");
    HubFault slow =
        hub.on(r -> r.range().filter(range -> !passing.contains(start(range))).isPresent())
            .stallAfter(5)
            .always();
    var whole = getting(MODEL);
    awaitMet(slow);
    Got got = get(MODEL, "Range", "bytes=10485760-10486783");
    assertThat(got.body()).isEqualTo(part(10 * MIB, 10 * MIB + 1024));
    hub.clearFaults();
    assertThat(whole.join().body()).isEqualTo(bytes);
  }

  @Test
  void clientLeavesEarly_littleMoreIsFetchedAndTheNextOneGoesOn() throws IOException {
    offer();
    hub.throttle(MIB);
    HttpResponse<InputStream> running = open("GET", MODEL);
    assertThat(running.body().read()).isEqualTo(bytes[0] & 0xff);
    running.body().close();
    hub.throttle(0);
    Got next = get(MODEL);
    assertThat(next.body()).isEqualTo(bytes);
    assertThat((double) hub.fileBytesSent()).isLessThanOrEqualTo(SIZE * 1.5);
    assertThat(stop().blobs()).hasSize(1);
  }

  @Test
  void openRange_ofABadFile_neverCompletes() {
    offer();
    hub.onFile("").corrupt(5).always();
    Got tail = get(MODEL, "Range", "bytes=" + (SIZE - 2 * MIB) + "-");
    assertThat(tail.complete() && tail.status() == 206).isFalse();
    Got suffix = get(MODEL, "Range", "bytes=-100");
    assertThat(suffix.complete() && suffix.status() == 206).isFalse();
    assertThat(stop().blobs()).isEmpty();
  }

  @Test
  void ranges_ofAColdAndAWarmFile_areAnsweredAlike() {
    byte[] small = part(0, 1000);
    repo.lfs("model.bin", small);
    repo.commit("main");
    for (int round = 0; round < 2; round++) {
      assertThat(get(MODEL, "Range", "bytes=0-0").header("Content-Range"))
          .isEqualTo("bytes 0-0/1000");
      assertThat(get(MODEL, "Range", "bytes=990-5000").body()).isEqualTo(part(990, 1000));
      assertThat(get(MODEL, "Range", "bytes=-10").body()).isEqualTo(part(990, 1000));
      Got behind = get(MODEL, "Range", "bytes=1000-");
      assertThat(behind.status()).isEqualTo(416);
      assertThat(behind.header("Content-Range")).isEqualTo("bytes */1000");
      assertThat(get(MODEL, "Range", "bytes=1-2", "If-Range", "\"other\"").status()).isEqualTo(200);
      assertThat(get(MODEL).body()).isEqualTo(small);
      restart();
    }
  }

  private static String start(String range) {
    return range.substring(range.indexOf('=') + 1, range.indexOf('-'));
  }

  private static void awaitMet(HubFault fault) {
    try {
      fault.awaitMet();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
