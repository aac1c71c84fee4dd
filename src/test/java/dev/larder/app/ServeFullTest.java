package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.larder.cli.Larder;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.testing.Bytes;
import dev.larder.testing.HubFault;
import dev.larder.upkeep.VerifyTarget;
import dev.larder.upkeep.WhyRequest;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** No room for new files: they are passed on, and what is here is served. */
@Timeout(60)
final class ServeFullTest extends SiteFixture {
  private static final int SIZE = 3_000_000;
  private static final String CONFIG = "/hf/o/r/resolve/main/config.json";

  private final byte[] bytes = Bytes.of(9, SIZE);

  @BeforeEach
  void offer() {
    repo.lfs("model.bin", bytes).file("config.json", "{\"a\":1}").file("empty", "").commit("main");
  }

  private void startFull() {
    start("MIN_FREE", "900TB");
  }

  private byte[] part(int from, int to) {
    return Arrays.copyOfRange(bytes, from, to);
  }

  @Test
  void newFiles_arePassedOnAndNotKept() {
    startFull();
    for (int i = 0; i < 2; i++) {
      Got model = get(MODEL);
      assertThat(model.status()).isEqualTo(200);
      assertThat(model.cache()).isEqualTo("BYPASS");
      assertThat(model.header("Content-Length")).isEqualTo("" + SIZE);
      assertThat(model.header("X-Linked-Etag")).contains(Bytes.digest(bytes).hex());
      assertThat(model.body()).isEqualTo(bytes);
      assertThat(get(CONFIG).text()).isEqualTo("{\"a\":1}");
      assertThat(get("/hf/o/r/resolve/main/empty").body()).isEmpty();
      assertThat(head(MODEL).status()).isEqualTo(200);
    }
    OnDisk disk = stop();
    assertThat(disk.blobs()).isEmpty();
    assertThat(disk.unfinished()).isEmpty();
    assertThat(disk.tree(FOLDER)).noneMatch(file -> file.startsWith("snapshots"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"1000-1999", "-500", "2999999-", "2000000-", "0-", "0-2999999"})
  void ranges_arePassedOnAsRanges(String range) {
    startFull();
    Got got = get(MODEL, "Range", "bytes=" + range);
    assertThat(got.status()).isEqualTo(206);
    assertThat(got.cache()).isEqualTo("BYPASS");
    int dash = range.indexOf('-');
    int from = dash == 0 ? SIZE - 500 : Integer.parseInt(range.substring(0, dash));
    int to =
        dash == 0 || dash == range.length() - 1
            ? SIZE
            : Integer.parseInt(range.substring(dash + 1)) + 1;
    assertThat(got.header("Content-Range"))
        .isEqualTo("bytes " + from + "-" + (to - 1) + "/" + SIZE);
    assertThat(got.body()).isEqualTo(part(from, to));
  }

  @Test
  void rangeBehindTheEnd_isRefused() {
    startFull();
    assertThat(get(MODEL, "Range", "bytes=3000000-").status()).isEqualTo(416);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bytes=0-", "bytes=2000000-"})
  void wrongBytes_neverComplete(String range) {
    startFull();
    hub.onFile("model.bin").corrupt(2_500_000).always();
    Got got = range.isEmpty() ? get(MODEL) : get(MODEL, "Range", range);
    assertThat(got.status() >= 500 || !got.complete()).isTrue();
  }

  /** Of which the client has the first part, and it is wrong. */
  @Test
  void wrongBytesBeforeAResume_neverComplete() {
    startFull();
    hub.onFile("model.bin").corrupt(7).always();
    assertThat(get(MODEL, "Range", "bytes=2000000-").complete()).isFalse();
  }

  @Test
  void smallWrongFile_isRefused() {
    startFull();
    hub.onFile("config.json").corrupt(2).always();
    assertThat(get(CONFIG).status()).isEqualTo(502);
  }

  @Test
  void whatIsHere_isServedOn_andNewFilesAreKeptOnceThereIsRoom() {
    assertThat(get(CONFIG).cache()).isEqualTo("MISS");
    stop();
    startFull();
    assertThat(get(CONFIG).cache()).isEqualTo("HIT");
    assertThat(get(MODEL).cache()).isEqualTo("BYPASS");
    restart();
    assertThat(get(MODEL).cache()).isEqualTo("MISS");
    assertThat(stop().blobs()).hasSize(2);
  }

  @ParameterizedTest
  @EnumSource
  void pull_isRefused(PullTest.By by) {
    if (by == PullTest.By.SERVER) {
      startFull();
    }
    try (Larder larder = new HouseWorkshop(clock).open(settings("MIN_FREE", "900TB"), _ -> {})) {
      PullRequest request =
          new PullRequest(RepoId.model("o/r"), Revision.MAIN, FileSelection.ALL, false);
      assertThatThrownBy(() -> larder.pull(request, PullListener.NONE))
          .isInstanceOfSatisfying(
              LarderException.class, full -> assertThat(full.code()).isEqualTo("store-full"));
    }
  }

  @Test
  void log_saysItOnceAMinute() {
    Logger logger = (Logger) LoggerFactory.getLogger("dev.larder.mirror");
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      startFull();
      get(CONFIG);
      get(MODEL);
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .filteredOn(event -> String.valueOf(event.getKeyValuePairs()).contains("disk.floor"))
        .singleElement()
        .satisfies(
            event ->
                assertThat(event.getKeyValuePairs().toString())
                    .contains("free=", "floor=\"900.0 TB\""));
  }

  /** The volume fills up while a file comes. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void volumeThatFillsUp_cutsWhoHasBytesAndPassesOnToWhoHasNone() throws Exception {
    byte[] big = Bytes.of(4, 9 << 20);
    repo.lfs("big.bin", big).lfs("other.bin", Bytes.of(5, 9 << 20)).commit("main");
    try (Mounted _ = Mounted.tmpfs(root, 40 << 20);
        AutoCloseable _ = this::stop) { // First, or it could not be unmounted.
      start("MIN_FREE", "0B");
      HubFault silent = hub.onFile("big.bin").stallAfter(0);
      HubFault halting = hub.onFile("other.bin").always().stallAfter(60_000);
      CompletableFuture<Got> first = getting("/hf/o/r/resolve/main/big.bin");
      CompletableFuture<Got> second = getting("/hf/o/r/resolve/main/big.bin");
      HttpResponse<InputStream> started = open("GET", "/hf/o/r/resolve/main/other.bin");
      assertThat(started.body().readNBytes(50_000)).hasSize(50_000);
      silent.awaitMet();
      Path ballast = root.resolve("ballast");
      fill(ballast);
      silent.release();

      Got passedOn = first.join();
      assertThat(passedOn.cache()).isEqualTo("BYPASS");
      assertThat(Arrays.equals(passedOn.body(), big)).isTrue();
      assertThat(Arrays.equals(second.join().body(), big)).isTrue();

      // What was written of it is gone, so there is room again, as there is after the other's end.
      Path more = root.resolve("more");
      fill(more);
      halting.release();
      assertThat(read(started).complete()).isFalse();
      Path last = root.resolve("last");
      fill(last);
      for (int i = 0; i < 2; i++) {
        Got model = get(MODEL);
        assertThat(Arrays.equals(model.body(), bytes)).isTrue();
        assertThat(model.cache()).isEqualTo("BYPASS");
        assertThat(get(CONFIG).text()).isEqualTo("{\"a\":1}"); // For this there may be room yet.
      }
      try (Larder larder = new HouseWorkshop(clock).look(settings(), _ -> {})) {
        assertThat(larder.stats(Optional.empty()).limits()).isEmpty();
        assertThat(larder.why(new WhyRequest.OfTarget(VerifyTarget.parse("o/r"))).facts())
            .isNotEmpty();
      }
      Files.delete(last);
      Files.delete(ballast);
      Files.delete(more);
      assertThat(get("/hf/o/r/resolve/main/big.bin").cache()).isEqualTo("MISS");
      OnDisk disk = stop();
      assertThat(disk.unfinished()).isEmpty();
      assertThat(disk.blobs().toString())
          .contains(Bytes.digest(big).hex())
          .doesNotContain(Bytes.digest(bytes).hex());
    }
  }

  private static void fill(Path ballast) throws IOException {
    byte[] block = new byte[4096];
    try (var out = Files.newOutputStream(ballast)) {
      for (boolean room = true; room; ) {
        try {
          out.write(block);
        } catch (IOException full) {
          room = false;
        }
      }
    }
  }
}
