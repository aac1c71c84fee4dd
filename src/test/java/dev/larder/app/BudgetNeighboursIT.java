package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * More files than fit, asked for by many clients at once, while a program with huggingface_hub
 * downloads and reads in the very directory that things are evicted from.
 */
@Timeout(180)
final class BudgetNeighboursIT extends BudgetFixture {
  private static final int FILES = 24;
  private static final int CLIENTS = 6;
  private static final int EACH = Boolean.getBoolean("larder.long") ? 400 : 25;

  @Test
  void everybody_getsRightBytes_andTheBudgetHolds() throws Exception {
    offer(FILES);
    start(LIMITED);
    List<Python.Running> programs = new ArrayList<>();
    for (Python kind : Python.all()) {
      programs.add(
          kind.script(
              Map.of(
                  "HF_ENDPOINT",
                  server().address() + "/hf",
                  "HF_HUB_CACHE",
                  root.resolve("hub").toString(),
                  "HF_HUB_DISABLE_XET",
                  "1"),
              "evicted.py",
              wanted().toString(),
              Integer.toString(EACH)));
    }
    AtomicInteger hits = new AtomicInteger();
    List<Future<?>> clients = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int client = 0; client < CLIENTS; client++) {
        Random random = new Random(client);
        clients.add(threads.submit(() -> ask(random, hits)));
      }
      for (Future<?> client : clients) {
        client.get();
      }
    }
    for (Python.Running program : programs) {
      assertThat(program.well()).contains("ended well");
    }
    assertThat(hits.get()).isPositive();
    assertThat(evictions()).isNotEmpty();
    assertThat(stop().unfinished()).isEmpty();
    try (Larder larder = larder(LIMITED)) {
      var report = larder.verify(new VerifyRequest(List.of(), false), VerifyListener.NONE);
      assertThat(report.findings()).isEmpty();
    }
  }

  private void ask(Random random, AtomicInteger hits) {
    for (int i = 0; i < EACH; i++) {
      int number = random.nextInt(FILES);
      Got got = get(path(number));
      assertThat(got.status()).isEqualTo(200);
      assertThat(got.complete()).isTrue();
      assertThat(got.body()).isEqualTo(bytes(number));
      clock.pass(Duration.ofSeconds(1));
      hits.addAndGet(got.cache().equals("HIT") ? 1 : 0);
    }
  }

  /** What each repo's file must hash to. */
  private Path wanted() throws IOException {
    String json =
        IntStream.range(0, FILES)
            .mapToObj(i -> "\"%s\": \"%s\"".formatted(repo(i), Bytes.digest(bytes(i)).hex()))
            .collect(Collectors.joining(", ", "{", "}"));
    return Files.writeString(root.resolve("wanted.json"), json);
  }
}
