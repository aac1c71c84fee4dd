package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import dev.larder.testing.HubFault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that know nothing of the hub: curl and aria2c, interrupted and continued. */
class DownloaderIT {
  private static final byte[] WEIGHTS = FilledHub.bytes(new Random(20_261_122), 12_000_000);
  private static final String NAME = "model.safetensors";

  @TempDir private Path scratch;

  /** Each command goes on with what is there of its file. */
  enum Downloader {
    CURL("curl", "--fail", "--silent", "--show-error", "--continue-at", "-", "--output", NAME),
    ARIA2("aria2c", "--continue=true", "--file-allocation=none", "--disk-cache=0", "--out=" + NAME),
    /** Several ranges at once. */
    ARIA2_SPLIT(
        "aria2c",
        "--continue=true",
        "--file-allocation=none",
        "--disk-cache=0",
        "--out=" + NAME,
        "--split=4",
        "--max-connection-per-server=4",
        "--min-split-size=1M");

    private final List<String> command;

    Downloader(String... command) {
      this.command = List.of(command);
    }

    Client start(String endpoint, Path folder) throws Exception {
      RealClients.needTool(command.getFirst());
      List<String> line = new ArrayList<>(command);
      line.add(endpoint + "/demo/large/resolve/main/" + NAME);
      return Client.startIn(Files.createDirectories(folder), Map.of(), line);
    }
  }

  @ParameterizedTest
  @EnumSource
  void download_interruptedColdAndWarm_goesOnToTheRightBytes(Downloader downloader)
      throws Exception {
    try (FakeHub hub = FakeHub.start();
        LarderProcess larder = LarderProcess.start(scratch, hub);
        Wiretap tap = Wiretap.before(larder)) {
      hub.model("demo/large").lfs(NAME, WEIGHTS).commit("main");
      HubFault slow = hub.onFile("").stallAfter(5_000_000).always();

      Path cold = scratch.resolve("cold");
      interrupt(downloader, tap, cold);
      slow.release();
      finish(downloader, tap, cold);
      // A range that a stalled connection would bring too late has one of its own.
      assertThat(hub.fileBytesSent()).isBetween((long) WEIGHTS.length, WEIGHTS.length * 11L / 10);
      assertThat(hub.requests(r -> r.path().contains("/resolve/"))).hasSizeLessThanOrEqualTo(2);
      hub.clearLog();

      Path warm = scratch.resolve("warm");
      interrupt(downloader, tap, warm);
      finish(downloader, tap, warm);
      assertThat(FilledHub.asked(hub)).isEmpty();
      hub.away();
      finish(downloader, tap, scratch.resolve("alone"));
    }
  }

  private static void interrupt(Downloader downloader, Wiretap tap, Path folder) throws Exception {
    Wiretap.Hold hold = tap.holdAfter(2_000_000);
    Client client = downloader.start(tap.endpoint(), folder);
    hold.awaitReached();
    client.awaitBytesIn(folder.resolve(NAME));
    client.interrupt();
    hold.release();
  }

  /** Takes up what an interruption left, if there was one. */
  private static void finish(Downloader downloader, Wiretap tap, Path folder) throws Exception {
    boolean begun = Files.exists(folder.resolve(NAME));
    int before = tap.exchanges().size();
    downloader.start(tap.endpoint(), folder).said().well();

    assertThat(folder.resolve(NAME)).hasBinaryContent(WEIGHTS);
    List<Wiretap.Exchange> asked = tap.exchanges().subList(before, tap.exchanges().size());
    if (begun) {
      assertThat(asked).anyMatch(e -> e.status() == 206 && !e.asked("range").orElse("").isEmpty());
    }
  }
}
