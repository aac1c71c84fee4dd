package dev.larder.clients;

import static dev.larder.clients.FilledHub.DISABLED;
import static dev.larder.clients.FilledHub.GATED;
import static dev.larder.clients.FilledHub.MODEL;
import static dev.larder.clients.FilledHub.READER;
import static dev.larder.clients.FilledHub.ROWS;
import static dev.larder.clients.FilledHub.STRANGER;
import static dev.larder.clients.FilledHub.listing;
import static dev.larder.clients.FilledHub.sha256;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import dev.larder.testing.HubRequest;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** What people use from Python, unchanged: {@code hf} and huggingface_hub. */
@ParameterizedClass
@EnumSource(HubLibrary.class)
class ClientIT {
  @TempDir private Path scratch;

  private final HubLibrary library;
  private final FilledHub filled = new FilledHub();
  private final FakeHub hub = filled.hub;
  private final Map<String, byte[]> model = filled.model;
  private int caches;

  ClientIT(HubLibrary library) {
    this.library = library;
  }

  @BeforeEach
  void needLibrary() {
    library.need();
  }

  @AfterEach
  void closeHub() {
    filled.close();
  }

  @Test
  void snapshot_firstFromTheHubThenWithoutIt_isTheHubsTree() throws Exception {
    try (LarderProcess larder = larder()) {
      Map<String, String> first = client(larder);
      library.run(first, "hf", "download", MODEL).well();
      assertThat(offline(first, MODEL, "main", "model")).isEqualTo(listing(model));

      hub.away();
      Map<String, String> second = client(larder);
      library.run(second, "hf", "download", MODEL).well();
      assertThat(offline(second, MODEL, "main", "model")).isEqualTo(listing(model));
    }
  }

  @Test
  void file_alone_isDownloaded() throws Exception {
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      library.run(client, "hf", "download", MODEL, "sub dir/été 1.txt").well();
      var said = library.run(client, "hf", "download", MODEL, "onnx/model.onnx", "-q");

      String path = said.well().out().strip();
      assertThat(library.run(client, "sha256sum", path).well().out())
          .startsWith(sha256(model.get("onnx/model.onnx")));
      assertThat(hub.downloads("model.safetensors")).isEmpty();
    }
  }

  @Test
  void revisions_branchTagAndPullRequest_areTheirOwnTrees() throws Exception {
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      for (String revision : new String[] {"v1", "dev", "refs/pr/1"}) {
        library.run(client, "hf", "download", MODEL, "--revision", revision).well();
      }

      assertThat(offline(client, MODEL, "v1", "model")).isEqualTo(listing(model));
      assertThat(offline(client, MODEL, "dev", "model")).isEqualTo(listing(filled.newer));
      assertThat(offline(client, MODEL, "refs/pr/1", "model")).isEqualTo(listing(filled.newer));
    }
  }

  @Test
  void dataset_whole_isDownloaded() throws Exception {
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      library.run(client, "hf", "download", ROWS, "--repo-type", "dataset").well();

      assertThat(offline(client, ROWS, "main", "dataset")).isEqualTo(listing(filled.rows));
    }
  }

  @Test
  void patterns_includeAndExclude_chooseFiles() throws Exception {
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      library
          .run(
              client,
              "hf",
              "download",
              MODEL,
              "--include",
              "*.json",
              "--include",
              "*.txt",
              "--exclude",
              "empty*")
          .well();

      Map<String, byte[]> chosen = new TreeMap<>(model);
      chosen.keySet().retainAll(List.of("config.json", "sub dir/été 1.txt"));
      assertThat(offline(client, MODEL, "main", "model", "*.json", "sub dir/*"))
          .isEqualTo(listing(chosen));
      assertThat(hub.downloads("model.safetensors")).isEmpty();
    }
  }

  @Test
  void ranges_readByTheFileSystem_areTheRightBytes() throws Exception {
    byte[] weights = model.get("model.safetensors");
    try (LarderProcess larder = larder()) {
      String[] pieces = {MODEL, "model.safetensors", "0", "9", "1500000", "5000", "2999993", "7"};

      String said = library.script(client(larder), "ranges.py", pieces).well().out();

      assertThat(said.lines())
          .containsExactly(
              sha256(Arrays.copyOfRange(weights, 0, 9)),
              sha256(Arrays.copyOfRange(weights, 1_500_000, 1_505_000)),
              sha256(Arrays.copyOfRange(weights, 2_999_993, 3_000_000)));
    }
  }

  @Test
  void missingAndForbiddenThings_askedFor_raiseTheLibrarysOwnErrors() throws Exception {
    try (LarderProcess larder = larder()) {
      for (String token : new String[] {"", STRANGER}) {
        Map<String, String> client = new HashMap<>(client(larder));
        client.put("HF_TOKEN", token);

        String said = library.script(client, "errors.py", MODEL, GATED, DISABLED).well().out();

        assertThat(said.lines()).hasSize(5);
      }
    }
  }

  @Test
  void secondSnapshot_ofAnotherClient_asksUpstreamNothing() throws Exception {
    try (LarderProcess larder = larder(Map.of("LARDER_REF_TTL", "1h"))) {
      library.run(client(larder), "hf", "download", MODEL).well();
      long bytes = model.values().stream().mapToLong(file -> file.length).sum();
      assertThat(hub.fileBytesSent()).isEqualTo(bytes);
      hub.clearLog();

      library.run(client(larder), "hf", "download", MODEL).well();

      assertThat(FilledHub.asked(hub)).isEmpty();
    }
  }

  @Test
  void repo_lookedAtWithoutDownload_isDescribedFromAFewRanges() throws Exception {
    try (LarderProcess larder = larder()) {
      String[] question = {MODEL, "**/*.onnx", "onnx/model.onnx"};

      String said = library.script(client(larder), "look.py", question).well().out();

      assertThat(said.lines())
          .containsExactly(
              "onnx/model.onnx", "700000 False", "3000 " + 3000 * TinySafetensors.EACH);
    }
  }

  @Test
  void caches_scanned_holdTheRepoAndNothingOdd() throws Exception {
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      library.run(client, "hf", "download", MODEL).well();
      library.run(client, "hf", "download", ROWS, "--repo-type", "dataset").well();
      List<String> repos = List.of("dataset demo/rows 3:main", "model demo/tiny 6:main");

      assertThat(library.script(client, "scan.py").well().out().lines()).isEqualTo(repos);
      Map<String, String> site = Map.of("HF_HUB_CACHE", home() + "/hub");
      assertThat(library.script(site, "scan.py").well().out().lines()).isEqualTo(repos);
    }
  }

  @Test
  void gatedFile_withTheCallersToken_comesOverPlainHttpAndTheTokenStaysAtTheHub() throws Exception {
    String weights = "model.safetensors";
    try (LarderProcess larder = larder();
        Wiretap tap = Wiretap.before(larder)) {
      Map<String, String> client = new HashMap<>(client(larder));
      client.put("HF_ENDPOINT", tap.endpoint());
      client.put("HF_TOKEN", READER);

      String said = library.script(client, "xet.py", GATED, weights).well().out();
      library.run(client, "hf", "download", GATED).well();

      assertThat(said.lines())
          .containsExactly(library == HubLibrary.NEWEST ? "yes" : "no", sha256(model.get(weights)));
      assertThat(offline(client, GATED, "main", "model")).isEqualTo(listing(model));
      assertThat(tap.exchanges())
          .isNotEmpty()
          .allSatisfy(e -> assertThat(e.said().keySet()).noneMatch(h -> h.startsWith("x-xet")))
          .allSatisfy(e -> assertThat(e.said("link").orElse("")).doesNotContain("xet"))
          .noneMatch(e -> e.target().contains("xet-read-token"));
      assertThat(hub.requests(r -> r.server() == HubRequest.Server.CDN))
          .isNotEmpty()
          .noneMatch(HubRequest::authorized);
      assertThat(hub.downloads(weights)).hasSize(1);
    }
  }

  @Test
  void treeOfLarder_listedVerifiedAndReadByPython_isTaken() throws Exception {
    try (LarderProcess larder = larder()) {
      library.run(client(larder), "hf", "download", MODEL).well();
      Map<String, String> direct =
          Map.of("HF_ENDPOINT", larder.endpoint(), "HF_HUB_CACHE", home() + "/hub");

      var listed = library.run(direct, "hf", "cache", "ls", "--json").well();
      assertThat(listed.out()).contains(MODEL);
      library
          .run(
              direct,
              "hf",
              "cache",
              "verify",
              MODEL,
              "--fail-on-missing-files",
              "--fail-on-extra-files")
          .well();
    }
    Map<String, String> alone = Map.of("HF_HUB_CACHE", home() + "/hub");
    assertThat(offline(alone, MODEL, "main", "model")).isEqualTo(listing(model));
  }

  @Test
  void treeOfLarder_downloadedIntoByPython_costsNoFileBytes() throws Exception {
    try (LarderProcess larder = larder()) {
      library.run(client(larder), "hf", "download", MODEL).well();
    } // All of it is in the tree by then.
    try (LarderProcess larder = larder();
        Wiretap tap = Wiretap.before(larder)) {
      Map<String, String> direct =
          Map.of("HF_ENDPOINT", tap.endpoint(), "HF_HUB_CACHE", home() + "/hub");

      library.run(direct, "hf", "download", MODEL).well();

      assertThat(tap.exchanges()).isNotEmpty();
      assertThat(tap.exchanges(e -> e.method().equals("GET") && e.target().contains("/resolve/")))
          .isEmpty();
    }
  }

  @Test
  void manyFiles_byEightWorkersAtOnce_areFetchedOnceEachAndThenAskedForOnce() throws Exception {
    String many = "demo/many";
    Map<String, byte[]> files = new TreeMap<>();
    Random random = new Random(20_261_123);
    FakeRepo repo = hub.model(many);
    for (int i = 0; i < 60; i++) {
      String path = "part-%02d.bin".formatted(i);
      files.put(path, FilledHub.bytes(random, 110_000));
      repo.lfs(path, files.get(path));
    }
    repo.commit("main");
    try (LarderProcess larder = larder(Map.of("LARDER_REF_TTL", "1h"));
        Wiretap tap = Wiretap.before(larder)) {
      Map<String, String> client = new HashMap<>(client(larder));
      client.put("HF_ENDPOINT", tap.endpoint());
      String[] download = {"hf", "download", many, "--max-workers", "8"};

      library.run(client, download).well();

      assertThat(offline(client, many, "main", "model")).isEqualTo(listing(files));
      assertThat(files.keySet())
          .allSatisfy(path -> assertThat(hub.downloads(path)).as(path).hasSize(1));
      assertThat(hub.fileBytesSent()).isEqualTo(60 * 110_000);
      int before = tap.exchanges().size();

      library.run(client, download).well();

      assertThat(tap.exchanges().subList(before, tap.exchanges().size()))
          .filteredOn(e -> !e.target().contains("agent-harnesses"))
          .singleElement()
          .satisfies(e -> assertThat(e.target()).contains("/revision/main"));
    }
  }

  @Test
  void treeOfPython_servedByLarder_costsNoFileBytes() throws Exception {
    Map<String, String> python =
        Map.of(
            "HF_ENDPOINT",
            hub.uri().toString(),
            "HF_HUB_CACHE",
            home() + "/hub",
            "HF_HUB_DISABLE_XET",
            "1");
    library.run(python, "hf", "download", MODEL).well();
    hub.clearLog();

    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      library.run(client, "hf", "download", MODEL).well();

      assertThat(offline(client, MODEL, "main", "model")).isEqualTo(listing(model));
      assertThat(hub.fileBytesSent()).isZero();
    }
  }

  private Path home() {
    return scratch.resolve("home");
  }

  private LarderProcess larder() throws Exception {
    return larder(Map.of());
  }

  private LarderProcess larder(Map<String, String> settings) throws Exception {
    return LarderProcess.start(home(), hub.uri(), scratch.resolve("larder.log"), settings);
  }

  /** A client with an empty cache of its own. */
  private Map<String, String> client(LarderProcess larder) {
    caches++;
    return Map.of(
        "HF_ENDPOINT", larder.endpoint(), "HF_HOME", scratch.resolve("client" + caches).toString());
  }

  private String offline(Map<String, String> client, String... question) throws Exception {
    Map<String, String> environment = new HashMap<>(client);
    environment.remove("HF_ENDPOINT");
    environment.put("HF_HUB_OFFLINE", "1");
    String said = library.script(environment, "read-offline.py", question).well().out();
    return said.lines().sorted().collect(Collectors.joining("\n"));
  }
}
