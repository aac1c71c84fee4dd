package dev.larder.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.TestModels;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.dhatim.fastexcel.Workbook;
import org.dhatim.fastexcel.Worksheet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The example as its users have it: its script, real models, a real spreadsheet, HTTP. */
class PolicyAnalysisIT {
  private static final String PIPELINE = "nlp_pipeline:en";
  private static final String EMBEDDINGS = "embedding_model:all-MiniLM-L6-v2";
  private static final String[][] POLICIES = {
    {"Policy", "Wording"},
    {"A", "The insurer pays for damage caused by water. Report a claim within 14 days."},
    {"B", "Water damage is covered by the insurer. Theft of bicycles is excluded."},
    {"C", "The stealing of bikes is not covered.\nThe sun rises in the east every day."}
  };

  @TempDir static Path temp;
  private static @Nullable PolicyService started;

  @BeforeAll
  static void start() throws Exception {
    TestModels.openNlp(temp.resolve("models/opennlp-en"));
    TestModels.miniLmQuantized(temp.resolve("pulled"));
    Files.createSymbolicLink(temp.resolve("models/all-MiniLM-L6-v2"), temp.resolve("pulled"));
    started = PolicyService.start(temp.resolve("models"), temp.resolve("log"));
  }

  @AfterAll
  static void stop() {
    service().close();
  }

  private static PolicyService service() {
    return Objects.requireNonNull(started);
  }

  @Test
  void analysis_ofASpreadsheet_groupsClausesThatSayTheSame() throws Exception {
    JsonNode job =
        service().analyzed(Map.of("policy_file", sheet(POLICIES), "cluster_accuracy", "0.6"));

    assertThat(job.get("status").asString()).as("%s", job).isEqualTo("done");
    assertThat(job.get("progress").asInt()).isEqualTo(100);
    JsonNode result = job.get("result");
    assertThat(members(result)).contains("B2 B3", "B3 B4");
    assertThat(texts(result.get("clusters").get(0)))
        .containsExactlyInAnyOrder(
            "The insurer pays for damage caused by water.",
            "Water damage is covered by the insurer.");
    assertThat(texts(result.get("clusters").get(1)))
        .containsExactlyInAnyOrder(
            "Theft of bicycles is excluded.", "The stealing of bikes is not covered.");
    JsonNode second = result.get("clusters").get(1).get("members").get(1);
    assertThat(second.get("row").asInt()).isEqualTo(4);
    assertThat(second.get("column").asInt()).isEqualTo(2);
    assertThat(second.get("start").asInt()).isZero();
    assertThat(result.get("alone").size()).isEqualTo(2);
  }

  @Test
  void analyses_afterTheFirst_findTheModelsInMemory() throws Exception {
    Map<String, Object> form = Map.of("policy_file", sheet(POLICIES));
    service().analyzed(form);
    Map<String, JsonNode> before =
        Map.of(EMBEDDINGS, service().entry(EMBEDDINGS), PIPELINE, service().entry(PIPELINE));

    service().analyzed(form);

    for (String key : before.keySet()) {
      JsonNode then = before.get(key);
      JsonNode now = service().entry(key);
      assertThat(now.get("access_count").asLong()).isEqualTo(then.get("access_count").asLong() + 1);
      assertThat(now.get("hits").asLong()).isEqualTo(then.get("hits").asLong() + 1);
      assertThat(now.get("created_at")).isEqualTo(then.get("created_at"));
      assertThat(now.get("last_accessed").asString())
          .isGreaterThan(then.get("last_accessed").asString());
      assertThat(now.get("age_seconds").asDouble())
          .isGreaterThan(then.get("age_seconds").asDouble());
    }
    assertThat(Files.readString(temp.resolve("log"))).contains("memory hit " + EMBEDDINGS);
  }

  @Test
  void cacheCleared_isEmptyAndFillsAgain() throws Exception {
    Map<String, Object> form = Map.of("policy_file", sheet(POLICIES));
    service().analyzed(form);
    String created = service().entry(PIPELINE).get("created_at").asString();

    HttpResponse<String> cleared = service().post("/api/cache/clear", new byte[0]);

    assertThat(cleared.statusCode()).isEqualTo(200);
    assertThat(service().get("/api/cache/stats").body())
        .isEqualTo("{\"total_entries\":0,\"entries\":{}}");
    service().analyzed(form);
    assertThat(service().entry(PIPELINE).get("created_at").asString()).isGreaterThan(created);
    assertThat(PolicyService.json(service().get("/api/cache/stats")).get("total_entries").asInt())
        .isEqualTo(2);
  }

  @Test
  void analysis_byWords_needsNoEmbeddings() throws Exception {
    service().post("/api/cache/clear", new byte[0]);
    String[][] rows = {{"You must pay the premium in May."}, {"You must pay the premium in June."}};

    JsonNode job =
        service()
            .analyzed(
                Map.of(
                    "policy_file", sheet(rows), "use_semantic", "false", "cluster_accuracy", "70"));

    assertThat(job.get("result").get("cluster_accuracy").asDouble()).isEqualTo(0.7);
    assertThat(members(job.get("result"))).containsExactly("A1 A2");
    assertThat(service().entry(EMBEDDINGS).isMissingNode()).isTrue();
    assertThat(service().entry(PIPELINE).isMissingNode()).isFalse();
  }

  @Test
  void analysis_ofDocuments_comparesRows() throws Exception {
    String[][] rows = {
      {"The insurer pays for damage by water.", "Report it within a week."},
      {"The moon is made of green cheese, they say."},
      {"Water damage is paid by the insurer.", "It must be reported within seven days."}
    };

    JsonNode job =
        service()
            .analyzed(
                Map.of(
                    "policy_file", sheet(rows),
                    "analysis_mode", "documents",
                    "cluster_accuracy", "60%"));

    assertThat(members(job.get("result"))).containsExactly("A1 A3");
    assertThat(job.get("result").get("alone").size()).isEqualTo(1);
  }

  @Test
  void users_fourAtOnce_shareOneLoad() throws Exception {
    service().post("/api/cache/clear", new byte[0]);
    Map<String, Object> form = Map.of("policy_file", sheet(POLICIES));
    try (ExecutorService users = Executors.newFixedThreadPool(4)) {
      List<Future<JsonNode>> running = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        running.add(users.submit(() -> service().analyzed(form)));
      }
      for (Future<JsonNode> one : running) {
        assertThat(one.get().get("status").asString()).isEqualTo("done");
      }
    }

    assertThat(service().entry(EMBEDDINGS).get("access_count").asInt()).isEqualTo(4);
    assertThat(service().entry(PIPELINE).get("access_count").asInt()).isEqualTo(4);
    assertThat(service().entry(PIPELINE).get("in_use").asInt()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, 400, file-missing",
    "text, 415, file-not-xlsx",
    "zip, 415, file-not-xlsx",
    "xls, 415, file-not-xlsx",
    "encrypted, 422, file-encrypted",
    "cut, 422, file-unreadable",
    "scrambled, 422, file-unreadable",
    "empty, 422, file-without-text",
    "numbers, 422, file-without-text",
    "large, 413, file-too-large",
    "bomb, 413, file-too-large"
  })
  void file_thatIsNone_isRefused(String kind, int status, String code) throws Exception {
    byte[] file = file(kind);

    HttpResponse<String> answer = service().analyze(Map.of("policy_file", file));

    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
    JsonNode problem = PolicyService.json(answer);
    assertThat(problem.get("code").asString()).isEqualTo(code);
    assertThat(problem.get("detail").asString()).endsWith(".").doesNotContain("Exception");
  }

  /** As curl does it: all of the file is sent before the answer is read. */
  @Test
  void file_muchTooLarge_isAnsweredAfterItWasSent() throws Exception {
    byte[] body = new byte[40_000_000];
    String head =
        "POST /api/analyze HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
            + "Content-Type: multipart/form-data; boundary=x\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";

    String answer = service().raw(head, body);

    assertThat(answer).startsWith("HTTP/1.1 413").contains("file-too-large");
  }

  @Test
  void sample_besideTheReadme_hasClausesThatSayTheSame() throws Exception {
    byte[] sample = Files.readAllBytes(Path.of("examples/policy-analysis/policies.xlsx"));

    JsonNode job = service().analyzed(Map.of("policy_file", sample, "cluster_accuracy", "0.75"));

    assertThat(job.get("status").asString()).as("%s", job).isEqualTo("done");
    assertThat(texts(job.get("result").get("clusters").get(0)))
        .contains("The insurer pays for damage caused by water.");
  }

  /** A part that is missing is an Error wherever it is first needed. */
  @Test
  void analysis_thatMeetsAnError_endsAsFailed() throws Exception {
    Path broken = PolicyService.copyWithout(temp.resolve("checkout"), "Clusters", "CacheEntry");
    try (PolicyService service =
        PolicyService.start(broken, temp.resolve("models"), temp.resolve("broken-log"))) {
      JsonNode job = service.analyzed(Map.of("policy_file", sheet(POLICIES)));
      HttpResponse<String> stats = service.get("/api/cache/stats");

      assertThat(job.get("status").asString()).isEqualTo("failed");
      assertThat(job.get("error").get("code").asString()).isEqualTo("failed");
      assertThat(stats.statusCode()).isEqualTo(500);
      assertThat(stats.body()).contains("the service's log says why");
    }
    assertThat(Files.readString(temp.resolve("broken-log"))).contains("NoClassDefFoundError");
  }

  @ParameterizedTest
  @CsvSource({
    "cluster_accuracy, 101",
    "cluster_accuracy, -0.1",
    "cluster_accuracy, NaN",
    "cluster_accuracy, much",
    "analysis_mode, deep",
    "use_semantic, maybe"
  })
  void field_thatIsWrong_isNamed(String field, String value) throws Exception {
    HttpResponse<String> answer =
        service().analyze(Map.of("policy_file", sheet(POLICIES), field, value));

    assertThat(answer.statusCode()).isEqualTo(400);
    assertThat(answer.body()).contains("field-wrong", field, value);
  }

  @Test
  void request_forSomethingElse_isAnsweredInKind() throws Exception {
    assertThat(service().get("/api/health").body()).isEqualTo("{\"status\":\"ok\"}");
    assertThat(service().get("/api/status/none").statusCode()).isEqualTo(404);
    assertThat(service().get("/api/status/none").body()).contains("job-unknown");
    assertThat(service().get("/nowhere").statusCode()).isEqualTo(404);
    assertThat(service().get("/api/analyze").statusCode()).isEqualTo(405);
    assertThat(service().get("/api/cache/clear").headers().firstValue("Allow")).contains("POST");
    assertThat(service().post("/api/health", new byte[0]).statusCode()).isEqualTo(405);
    assertThat(service().post("/api/analyze", new byte[0]).statusCode()).isEqualTo(415);
  }

  @Test
  void service_toldToEnd_endsAtOnceAndQuietly() throws Exception {
    Path log = temp.resolve("second-log");
    Process process;
    try (PolicyService second = PolicyService.start(temp.resolve("models"), log)) {
      second.analyzed(Map.of("policy_file", sheet(POLICIES)));
      process = second.process;
    }

    assertThat(process.exitValue()).isEqualTo(143);
    assertThat(Files.readString(log)).doesNotContain("Exception", "SIGSEGV");
  }

  @ParameterizedTest
  @CsvSource({
    "--models|DIR, 1, all-MiniLM-L6-v2",
    "--models|DIR/none, 1, There is no folder",
    "--models|MODELS|--host|no-such-host.invalid, 1, no-such-host.invalid",
    "--modles|x, 2, --modles",
    "--port|x, 2, usage"
  })
  void start_withWrongArguments_saysWhatIsWrong(String arguments, int status, String said)
      throws Exception {
    Path log = temp.resolve("usage-" + said);
    Path empty = Files.createDirectories(temp.resolve("empty/opennlp-en"));
    String given =
        arguments
            .replace("DIR", String.valueOf(empty.getParent()))
            .replace("MODELS", temp.resolve("models").toString());

    Process process = PolicyService.command(log, given.split("\\|")).start();

    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isEqualTo(status);
    assertThat(Files.readString(log)).contains(said).doesNotContain("\tat ");
  }

  private static byte[] file(String kind) throws IOException {
    byte[] good = sheet(POLICIES);
    byte[] old = Arrays.copyOf(new byte[] {(byte) 0xd0, (byte) 0xcf, 0x11, (byte) 0xe0}, 600);
    return switch (kind) {
      case "nothing" -> new byte[0];
      case "text" -> "policy;wording".getBytes(StandardCharsets.UTF_8);
      case "zip" -> zip("readme.txt", 10);
      case "xls" -> old;
      case "encrypted" -> {
        byte[] name = "EncryptedPackage".getBytes(StandardCharsets.UTF_16LE);
        System.arraycopy(name, 0, old, 512, name.length);
        yield old;
      }
      case "cut" -> Arrays.copyOf(good, good.length / 2);
      case "scrambled" -> {
        for (int i = 200; i < good.length - 800; i += 7) {
          good[i] ^= 0x5a;
        }
        yield good;
      }
      case "empty" -> sheet(new String[0][]);
      case "numbers" -> sheet(new String[][] {{" ", "\t"}});
      case "large" -> new byte[11_000_000];
      case "bomb" -> zip("xl/workbook.xml", 100_000_000);
      default -> throw new IllegalArgumentException(kind);
    };
  }

  private static byte[] zip(String entry, int zeros) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry(entry));
      zip.write(new byte[zeros]);
    }
    return bytes.toByteArray();
  }

  private static byte[] sheet(String[][] rows) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Workbook workbook = new Workbook(bytes, "larder", "1.0")) {
      Worksheet sheet = workbook.newWorksheet("Policies");
      for (int row = 0; row < rows.length; row++) {
        for (int column = 0; column < rows[row].length; column++) {
          sheet.value(row, column, rows[row][column]);
        }
      }
      sheet.value(rows.length, 0, 4711);
    }
    return bytes.toByteArray();
  }

  /** The cells of each cluster. */
  private static List<String> members(JsonNode result) {
    List<String> clusters = new ArrayList<>();
    for (JsonNode cluster : result.get("clusters")) {
      List<String> cells = new ArrayList<>();
      cluster.get("members").forEach(member -> cells.add(member.get("cell").asString()));
      clusters.add(String.join(" ", cells));
    }
    return clusters;
  }

  private static List<String> texts(JsonNode cluster) {
    List<String> texts = new ArrayList<>();
    cluster.get("members").forEach(member -> texts.add(member.get("text").asString()));
    return texts;
  }
}
