package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What people use: {@code hf}, huggingface_hub and {@code @huggingface/hub}, unchanged. */
class ClientIT {
  private static final String MODEL = "demo/tiny";
  private static final String ROWS = "demo/rows";

  @TempDir private Path scratch;

  private final Map<String, byte[]> model = new TreeMap<>();
  private final Map<String, byte[]> newer = new TreeMap<>();
  private final Map<String, byte[]> rows = new TreeMap<>();
  private FakeHub hub;
  private int caches;

  @BeforeEach
  void fillHub() {
    Random random = new Random(20_261_121);
    model.put("README.md", text("---\nlicense: mit\n---\n# tiny\n"));
    model.put("config.json", text("{\"model_type\": \"demo\", \"hidden_size\": 8}\n"));
    model.put("empty.txt", new byte[0]);
    model.put("model.safetensors", bytes(random, 3_000_000));
    model.put("onnx/model.onnx", bytes(random, 700_000));
    model.put("sub dir/été 1.txt", text("summer\n"));
    newer.putAll(model);
    newer.put("config.json", text("{\"model_type\": \"demo\", \"hidden_size\": 16}\n"));
    rows.put("README.md", text("# rows\n"));
    rows.put("data/train.csv", text("a,b\n" + "1,2\n".repeat(5000)));
    rows.put("data/train.parquet", bytes(random, 400_000));

    hub = FakeHub.start();
    hub.pageSize(4);
    FakeRepo tiny = hub.model(MODEL);
    fill(tiny, newer);
    var second = tiny.commit("dev");
    tiny.ref("refs/pr/1", second);
    fill(tiny, model);
    tiny.tag("v1", tiny.commit("main"));
    FakeRepo table = hub.repo("datasets", ROWS);
    fill(table, rows);
    table.commit("main");
  }

  @AfterEach
  void closeHub() {
    hub.close();
  }

  @Test
  void snapshot_firstFromTheHubThenWithoutIt_isTheHubsTree() throws Exception {
    RealClients.needHf();
    try (LarderProcess larder = larder()) {
      Map<String, String> first = client(larder);
      RealClients.python(first, "hf", "download", MODEL).well();
      assertThat(offline(first, MODEL, "main", "model")).isEqualTo(listing(model));

      hub.away();
      Map<String, String> second = client(larder);
      RealClients.python(second, "hf", "download", MODEL).well();
      assertThat(offline(second, MODEL, "main", "model")).isEqualTo(listing(model));
    }
  }

  @Test
  void file_alone_isDownloaded() throws Exception {
    RealClients.needHf();
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      RealClients.python(client, "hf", "download", MODEL, "sub dir/été 1.txt").well();
      var said = RealClients.python(client, "hf", "download", MODEL, "onnx/model.onnx", "-q");

      String path = said.well().out().strip();
      assertThat(RealClients.python(client, "sha256sum", path).well().out())
          .startsWith(sha256(model.get("onnx/model.onnx")));
      assertThat(hub.downloads("model.safetensors")).isEmpty();
    }
  }

  @Test
  void revisions_branchTagAndPullRequest_areTheirOwnTrees() throws Exception {
    RealClients.needHf();
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      for (String revision : new String[] {"v1", "dev", "refs/pr/1"}) {
        RealClients.python(client, "hf", "download", MODEL, "--revision", revision).well();
      }

      assertThat(offline(client, MODEL, "v1", "model")).isEqualTo(listing(model));
      assertThat(offline(client, MODEL, "dev", "model")).isEqualTo(listing(newer));
      assertThat(offline(client, MODEL, "refs/pr/1", "model")).isEqualTo(listing(newer));
    }
  }

  @Test
  void dataset_whole_isDownloaded() throws Exception {
    RealClients.needHf();
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      RealClients.python(client, "hf", "download", ROWS, "--repo-type", "dataset").well();

      assertThat(offline(client, ROWS, "main", "dataset")).isEqualTo(listing(rows));
    }
  }

  @Test
  void patterns_includeAndExclude_chooseFiles() throws Exception {
    RealClients.needHf();
    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      RealClients.python(
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
      chosen.keySet().retainAll(java.util.List.of("config.json", "sub dir/été 1.txt"));
      assertThat(offline(client, MODEL, "main", "model", "*.json", "sub dir/*"))
          .isEqualTo(listing(chosen));
      assertThat(hub.downloads("model.safetensors")).isEmpty();
    }
  }

  @Test
  void ranges_readByTheFileSystem_areTheRightBytes() throws Exception {
    RealClients.needHf();
    byte[] weights = model.get("model.safetensors");
    try (LarderProcess larder = larder()) {
      String[] pieces = {MODEL, "model.safetensors", "0", "9", "1500000", "5000", "2999993", "7"};

      String said = RealClients.script(client(larder), "ranges.py", pieces).well().out();

      assertThat(said.lines())
          .containsExactly(
              sha256(Arrays.copyOfRange(weights, 0, 9)),
              sha256(Arrays.copyOfRange(weights, 1_500_000, 1_505_000)),
              sha256(Arrays.copyOfRange(weights, 2_999_993, 3_000_000)));
    }
  }

  @Test
  void missingThings_askedFor_raiseTheLibrarysOwnErrors() throws Exception {
    RealClients.needHf();
    try (LarderProcess larder = larder()) {
      String said = RealClients.script(client(larder), "errors.py", MODEL).well().out();

      assertThat(said.lines()).hasSize(3);
    }
  }

  @Test
  void treeOfLarder_listedVerifiedAndReadByPython_isTaken() throws Exception {
    RealClients.needHf();
    try (LarderProcess larder = larder()) {
      RealClients.python(client(larder), "hf", "download", MODEL).well();
      Map<String, String> direct =
          Map.of("HF_ENDPOINT", larder.endpoint(), "HF_HUB_CACHE", home() + "/hub");

      var listed = RealClients.python(direct, "hf", "cache", "ls", "--json").well();
      assertThat(listed.out()).contains(MODEL);
      RealClients.python(
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
  void treeOfPython_servedByLarder_costsNoFileBytes() throws Exception {
    RealClients.needHf();
    Map<String, String> python =
        Map.of("HF_ENDPOINT", hub.uri().toString(), "HF_HUB_CACHE", home() + "/hub");
    RealClients.python(python, "hf", "download", MODEL).well();
    hub.clearLog();

    try (LarderProcess larder = larder()) {
      Map<String, String> client = client(larder);
      RealClients.python(client, "hf", "download", MODEL).well();

      assertThat(offline(client, MODEL, "main", "model")).isEqualTo(listing(model));
      assertThat(hub.fileBytesSent()).isZero();
    }
  }

  @Test
  void javaScriptClient_twiceAndThenWithoutTheHub_getsEveryFile() throws Exception {
    RealClients.needNpm();
    model.remove("empty.txt");
    try (LarderProcess larder = larder()) {
      String cold = RealClients.npm(larder.endpoint(), "model", MODEL, "main").well().out();
      assertThat(cold.strip()).isEqualTo(listing(model));
      String table = RealClients.npm(larder.endpoint(), "dataset", ROWS, "main").well().out();
      assertThat(table.strip()).isEqualTo(listing(rows));

      hub.away();
      String warm = RealClients.npm(larder.endpoint(), "model", MODEL, "main").well().out();
      assertThat(warm.strip()).isEqualTo(listing(model));
    }
  }

  private Path home() {
    return scratch.resolve("home");
  }

  private LarderProcess larder() throws Exception {
    return LarderProcess.start(home(), hub.uri(), scratch.resolve("larder.log"));
  }

  /** A client with an empty cache of its own. */
  private Map<String, String> client(LarderProcess larder) {
    caches++;
    return Map.of(
        "HF_ENDPOINT", larder.endpoint(), "HF_HOME", scratch.resolve("client" + caches).toString());
  }

  private static String offline(Map<String, String> client, String... question) throws Exception {
    Map<String, String> environment = new HashMap<>(client);
    environment.remove("HF_ENDPOINT");
    environment.put("HF_HUB_OFFLINE", "1");
    String said = RealClients.script(environment, "read-offline.py", question).well().out();
    return said.lines().sorted().collect(Collectors.joining("\n"));
  }

  private static String listing(Map<String, byte[]> files) {
    return files.entrySet().stream()
        .map(f -> f.getKey() + "\t" + f.getValue().length + "\t" + sha256(f.getValue()))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  private static void fill(FakeRepo repo, Map<String, byte[]> files) {
    files.forEach(
        (path, bytes) -> {
          if (bytes.length > 100_000) {
            repo.lfs(path, bytes);
          } else {
            repo.file(path, bytes);
          }
        });
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  private static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError("SHA-256 is part of every JDK", e);
    }
  }
}
