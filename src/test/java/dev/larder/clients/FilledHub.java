package dev.larder.clients;

import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A hub with a model of two revisions, a dataset and repos that are not for everybody. */
final class FilledHub implements AutoCloseable {
  static final String MODEL = "demo/tiny";
  static final String ROWS = "demo/rows";
  static final String GATED = "demo/gated";
  static final String DISABLED = "demo/disabled";

  /** Of the shape that clients expect of a token. */
  static final String READER = "hf_" + "r".repeat(34);

  static final String STRANGER = "hf_" + "s".repeat(34);

  final FakeHub hub = FakeHub.start();
  final Map<String, byte[]> model = new TreeMap<>();
  final Map<String, byte[]> newer = new TreeMap<>();
  final Map<String, byte[]> rows = new TreeMap<>();

  FilledHub() {
    Random random = new Random(20_261_121);
    model.put("README.md", text("---\nlicense: mit\n---\n# tiny\n"));
    model.put("config.json", text("{\"model_type\": \"demo\", \"hidden_size\": 8}\n"));
    model.put("empty.txt", new byte[0]);
    model.put("model.safetensors", TinySafetensors.bytes(random, 3000));
    model.put("onnx/model.onnx", bytes(random, 700_000));
    model.put("sub dir/été 1.txt", text("summer\n"));
    newer.putAll(model);
    newer.put("config.json", text("{\"model_type\": \"demo\", \"hidden_size\": 16}\n"));
    rows.put("README.md", text("# rows\n"));
    rows.put("data/train.csv", text("a,b\n" + "1,2\n".repeat(5000)));
    rows.put("data/train.parquet", bytes(random, 400_000));

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

    hub.token(STRANGER, "stranger");
    FakeRepo gated = hub.model(GATED);
    fill(gated, model);
    gated.commit("main");
    gated.gatedTo(READER);
    hub.model(DISABLED).file("README.md", "# gone\n").commit("main");
    hub.model(DISABLED).disabled();
  }

  /** What was asked of a hub, for messages. */
  static List<String> asked(FakeHub hub) {
    return hub.requests().stream().map(r -> r.method() + " " + r.target()).toList();
  }

  /** What the scripts of {@code tests/clients} print of these files. */
  static String listing(Map<String, byte[]> files) {
    return files.entrySet().stream()
        .map(f -> f.getKey() + "\t" + f.getValue().length + "\t" + sha256(f.getValue()))
        .sorted()
        .collect(Collectors.joining("\n"));
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("SHA-256 is part of every JDK", e);
    }
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

  static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  @Override
  public void close() {
    hub.close();
  }
}
