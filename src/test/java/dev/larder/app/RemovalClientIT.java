package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.cli.Larder;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.VerifyTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Removing from caches that the real huggingface_hub wrote, and is writing. */
final class RemovalClientIT extends SiteFixture {
  private static final int ROUNDS = Boolean.getBoolean("larder.long") ? 200 : 12;

  /** Ends badly when the library finds anything wrong. */
  private static final String SCAN =
      """
      import huggingface_hub as h, sys
      found = h.scan_cache_dir()
      assert not found.warnings, found.warnings
      print("revisions", sum(len(each.revisions) for each in found.repos))
      """;

  private final byte[] model = Bytes.of(71, 400_000);

  @BeforeEach
  void offer() {
    repo.lfs("model.bin", model).lfs("sub/weights.bin", Bytes.of(72, 300_000));
    repo.file("config.json", "{\"a\": 1}").file("empty.txt", new byte[0]);
    repo.commit("main");
    repo.file("config.json", "{\"a\": 2}").lfs("sub/weights.bin", Bytes.of(73, 200_000));
    repo.commit("dev");
  }

  private Path cache() {
    return root.resolve("hub");
  }

  private Map<String, String> environment(String endpoint, String... more) {
    Map<String, String> environment =
        new HashMap<>(
            Map.of(
                "HF_ENDPOINT",
                endpoint,
                "HF_HUB_CACHE",
                cache().toString(),
                "HF_HUB_DISABLE_XET",
                "1"));
    for (int i = 0; i < more.length; i += 2) {
      environment.put(more[i], more[i + 1]);
    }
    return environment;
  }

  private <T> T asking(Function<Removals, T> question) {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return question.apply(larder.removals());
    }
  }

  private RemovalReport remove(String target) {
    return asking(removals -> removals.apply(removals.plan(List.of(VerifyTarget.parse(target)))));
  }

  private RemovalReport prune() {
    return asking(
        removals -> removals.apply(removals.plan(new Pruning(Optional.empty(), Optional.empty()))));
  }

  private VerifyReport verify() {
    try (Larder larder = new HouseWorkshop(clock).open(settings(), _ -> {})) {
      return larder.verify(new VerifyRequest(List.of(), false), VerifyListener.NONE);
    }
  }

  private void download(Python python, Map<String, String> environment) throws Exception {
    python
        .lines(
            environment,
            """
            import huggingface_hub as h
            for revision in "main", "dev":
                h.snapshot_download("o/r", revision=revision)
            """)
        .well();
  }

  /** As du counts: every file once. */
  private long used() throws Exception {
    Map<Object, Long> sizes = new HashMap<>();
    for (Path part : List.of(cache(), root.resolve("larder/store"))) {
      if (Files.isDirectory(part)) {
        try (Stream<Path> all = Files.walk(part)) {
          for (Path file : all.filter(path -> Files.isRegularFile(path)).toList()) {
            sizes.put(Files.getAttribute(file, "unix:ino"), Files.size(file));
          }
        }
      }
    }
    return sizes.values().stream().mapToLong(Long::longValue).sum();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void revisionThenRepo_ofACacheThatPythonWrote_leavePythonASoundCache(boolean links)
      throws Exception {
    for (Python python : Python.all()) {
      Map<String, String> environment =
          environment(hub.uri().toString(), "HF_HUB_DISABLE_SYMLINKS", links ? "0" : "1");
      download(python, environment);
      long before = used();
      RemovalPlan plan = asking(it -> it.plan(List.of(VerifyTarget.parse("o/r@dev"))));
      assertThat(used()).as("a plan touches nothing").isEqualTo(before);

      RemovalReport revision = remove("o/r@dev");

      assertThat(revision.bytes()).isEqualTo(before - used()).isEqualTo(plan.bytes());
      assertThat(python.lines(environment, SCAN).well()).contains("revisions 1");
      python
          .lines(
              environment(hub.uri().toString(), "HF_HUB_OFFLINE", "1"),
              """
              import huggingface_hub as h
              path = h.snapshot_download("o/r", revision="main")
              assert len(open(path + "/model.bin", "rb").read()) == 400000
              try:
                  h.hf_hub_download("o/r", "config.json", revision="dev")
                  raise SystemExit("dev is still there")
              except h.errors.LocalEntryNotFoundError:
                  pass
              """)
          .well();
      assertThat(remove("o/r").bytes()).isPositive();
      assertThat(python.lines(environment, SCAN).well()).contains("revisions 0");
      assertThat(prune().gone()).isEmpty();
      assertThat(cache().resolve(FOLDER)).doesNotExist();
    }
  }

  @Test
  void prune_takesWhatPythonCallsDetached() throws Exception {
    Python python = Python.all().getFirst();
    download(python, environment(hub.uri().toString()));
    Files.delete(cache().resolve(FOLDER).resolve("refs/dev"));
    long before = used();

    RemovalReport report = prune();

    assertThat(report.gone()).hasSize(1);
    assertThat(report.bytes()).isEqualTo(before - used());
    assertThat(python.lines(environment(hub.uri().toString()), SCAN).well())
        .contains("revisions 1");
  }

  /** Programs fetch while the server removes: each fetch is whole or fails, nothing dangles. */
  @Test
  void removals_whilePythonDownloadsAndOthersRead_leaveASoundTree() throws Exception {
    server();
    List<Python.Running> programs = new ArrayList<>();
    for (Python python : Python.all()) {
      for (String endpoint : List.of(server().address() + "/hf", hub.uri().toString())) {
        programs.add(
            python.lines(
                environment(endpoint),
                """
                import huggingface_hub as h
                whole = 0
                for n in range(%d):
                    try:
                        path = h.snapshot_download("o/r", revision="main" if n %% 2 else "dev")
                        whole += len(open(path + "/model.bin", "rb").read()) == 400000
                    except (OSError, h.errors.HfHubHTTPError, h.errors.LocalEntryNotFoundError) as e:
                        print("removed under its hands:", type(e).__name__)
                print("whole", whole)
                """
                    .formatted(ROUNDS)));
      }
    }
    while (programs.stream().anyMatch(program -> program.process().isAlive())) {
      assertThat(get(MODEL).body()).isEqualTo(model);
      try {
        RemovalReport _ = remove("o/r@dev");
        RemovalReport _ = remove("o/r");
      } catch (dev.larder.content.LarderException e) {
        assertThat(e.code()).isEqualTo("not-found");
      }
      RemovalReport _ = prune();
    }
    for (Python.Running program : programs) {
      assertThat(program.well()).contains("whole");
    }
    assertThat(verify().findings()).isEmpty();
    assertThat(get(MODEL).body()).isEqualTo(model);
    stop();
    assertThat(verify().findings()).isEmpty();
  }
}
