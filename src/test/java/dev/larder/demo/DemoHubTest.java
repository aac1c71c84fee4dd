package dev.larder.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import java.io.IOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.jar.JarOutputStream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The hub over real sockets, with a small package in place of the real model's. */
class DemoHubTest {
  private static final String REPO = "sentence-transformers/all-MiniLM-L6-v2";
  private static final long SEED = 42;

  @TempDir Path directory;
  private final HttpClient client = HttpClient.newHttpClient();
  private final byte[] weights = new byte[300_000];
  private DemoHub hub;

  @BeforeEach
  void startHub() throws IOException {
    System.out.println("seed " + SEED);
    new Random(SEED).nextBytes(weights);
    hub = DemoHub.start(packageOf(weights), directory.resolve("hub"), 0);
  }

  @AfterEach
  void stopHub() {
    hub.close();
    client.close();
  }

  @Test
  void resolve_largeFile_redirectsToAnotherOriginWithIdentityAndSize() throws Exception {
    var answer = get("/" + REPO + "/resolve/main/onnx/model_quantized.onnx");

    assertThat(answer.statusCode()).isEqualTo(302);
    assertThat(header(answer, "X-Linked-Etag")).isEqualTo("\"" + sha256(weights) + "\"");
    assertThat(header(answer, "X-Linked-Size")).isEqualTo("300000");
    assertThat(header(answer, "X-Repo-Commit")).matches("[0-9a-f]{40}");
    URI cdn = URI.create(header(answer, "Location"));
    assertThat(cdn.getPort()).isNotEqualTo(hub.address().getPort());
    var file = client.send(HttpRequest.newBuilder(cdn).build(), BodyHandlers.ofByteArray());
    assertThat(file.body()).isEqualTo(weights);
    assertThat(hub.fileBytesSent()).isEqualTo(weights.length);
  }

  @Test
  void resolve_gitFile_redirectsRelativelyToABodyOfItsGitId() throws Exception {
    var answer = get("/" + REPO + "/resolve/main/config.json");
    assertThat(answer.statusCode()).isEqualTo(307);
    assertThat(header(answer, "Location")).startsWith("/api/resolve-cache/models/" + REPO + "/");

    var file = get(header(answer, "Location"));

    assertThat(file.statusCode()).isEqualTo(200);
    assertThat(header(file, "ETag")).isEqualTo("\"" + gitId(file.body()) + "\"");
    assertThat(file.body()).contains("\"hidden_size\": 384");
  }

  @Test
  void resolve_head_hasTheHeadersOfGetAndNoBody() throws Exception {
    String cached = header(get("/" + REPO + "/resolve/main/modules.json"), "Location");

    var head = send(request(cached).method("HEAD", HttpRequest.BodyPublishers.noBody()));

    var whole = get(cached);
    assertThat(head.body()).isEmpty();
    assertThat(header(head, "Content-Length"))
        .isEqualTo(Integer.toString(whole.body().getBytes(StandardCharsets.UTF_8).length));
    assertThat(header(head, "ETag")).isEqualTo(header(whole, "ETag"));
  }

  @Test
  void cdn_ranges_areServedExactlyOrRefused() throws Exception {
    String cdn = header(get("/" + REPO + "/resolve/main/onnx/model_quantized.onnx"), "Location");
    String etag = "\"" + sha256(weights) + "\"";

    var middle = send(request(cdn).header("Range", "bytes=1000-1999").header("If-Range", etag));
    var tail = send(request(cdn).header("Range", "bytes=299990-"));
    var suffix = send(request(cdn).header("Range", "bytes=-5"));
    var past = send(request(cdn).header("Range", "bytes=300000-"));
    var other = send(request(cdn).header("Range", "bytes=0-9").header("If-Range", "\"other\""));

    assertThat(middle.statusCode()).isEqualTo(206);
    assertThat(header(middle, "Content-Range")).isEqualTo("bytes 1000-1999/300000");
    assertThat(header(tail, "Content-Length")).isEqualTo("10");
    assertThat(header(suffix, "Content-Range")).isEqualTo("bytes 299995-299999/300000");
    assertThat(past.statusCode()).isEqualTo(416);
    assertThat(header(past, "Content-Range")).isEqualTo("bytes */300000");
    assertThat(other.statusCode()).isEqualTo(200);
  }

  @Test
  void cdn_unsignedOrWithToken_isRefused() throws Exception {
    String cdn = header(get("/" + REPO + "/resolve/main/onnx/model_quantized.onnx"), "Location");

    var unsigned = get(cdn.substring(0, cdn.indexOf('?')));
    var withToken = send(request(cdn).header("Authorization", "Bearer hf_x"));

    assertThat(unsigned.statusCode()).isEqualTo(403);
    assertThat(withToken.statusCode()).isEqualTo(400);
  }

  @Test
  void tree_pages_areLinkedAndComplete() throws Exception {
    var first = get("/api/models/" + REPO + "/tree/main?recursive=true&expand=false&limit=10");
    String link = header(first, "Link");
    var second = get(link.substring(1, link.indexOf('>')));

    assertThat(link).endsWith("; rel=\"next\"");
    assertThat(second.headers().firstValue("Link")).isEmpty();
    assertThat(first.body() + second.body())
        .contains("\"path\":\"onnx/model_quantized.onnx\"")
        .contains("\"path\":\"onnx\"")
        .contains("\"path\":\"1_Pooling/config.json\"")
        .contains("\"lfs\":{\"oid\":\"" + sha256(weights) + "\",\"size\":300000");
  }

  @Test
  void info_main_namesTheCommitThatFilesCarry() throws Exception {
    var info = get("/api/models/" + REPO + "/revision/main");
    var file = get("/" + REPO + "/resolve/main/README.md");

    assertThat(info.body())
        .contains("\"sha\":\"" + header(file, "X-Repo-Commit") + "\"")
        .contains("{\"rfilename\":\".gitattributes\"}");
  }

  @Test
  void pathsInfo_formAndJson_omitUnknownPaths() throws Exception {
    var form =
        send(
            request("/api/models/" + REPO + "/paths-info/main")
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(
                    HttpRequest.BodyPublishers.ofString(
                        "paths=config.json&paths=nothing&expand=false")));
    var json =
        send(
            request("/api/models/" + REPO + "/paths-info/main")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"paths\":[\"config.json\",\"x\"]}")));

    assertThat(form.body()).contains("\"path\":\"config.json\"").doesNotContain("nothing");
    assertThat(json.body()).isEqualTo(form.body());
  }

  @Test
  void errors_sayWhoseAbsenceItIs() throws Exception {
    var entry = get("/" + REPO + "/resolve/main/none.txt");
    var revision = get("/" + REPO + "/resolve/v9/config.json");
    var repo = get("/api/models/some/other");
    var branch = get("/api/models/" + REPO + "/tree/main/none");

    assertThat(header(entry, "X-Error-Code")).isEqualTo("EntryNotFound");
    assertThat(header(entry, "X-Repo-Commit")).matches("[0-9a-f]{40}");
    assertThat(header(revision, "X-Error-Code")).isEqualTo("RevisionNotFound");
    assertThat(repo.statusCode()).isEqualTo(401);
    assertThat(header(repo, "X-Error-Code")).isEqualTo("RepoNotFound");
    assertThat(header(branch, "X-Error-Code")).isEqualTo("EntryNotFound");
  }

  @Test
  void start_withRate_isNoFasterThanThat() throws Exception {
    hub.close();
    hub = DemoHub.start(packageOf(weights), directory.resolve("slow"), 1_000_000);
    String cdn = header(get("/" + REPO + "/resolve/main/onnx/model_quantized.onnx"), "Location");

    long start = System.nanoTime();
    get(cdn);

    // 300 kB at 1 MB/s; the last piece is not waited for.
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(200));
  }

  @Test
  void away_refusesConnectionsUntilBack() throws Exception {
    hub.away();
    assertThatThrownBy(() -> get("/api/models/" + REPO)).isInstanceOf(ConnectException.class);

    hub.back();

    assertThat(get("/api/models/" + REPO).statusCode()).isEqualTo(200);
  }

  @Test
  void commit_sameFiles_isWhatGitGives() throws Exception {
    assumeThat(Path.of("/usr/bin/git")).as("git, to compare with, is not installed").exists();

    assertThat(get("/api/models/" + REPO + "/refs").body())
        .contains("\"targetCommit\":\"" + gitsOwnCommit() + "\"");
  }

  @Test
  void model_packageMissing_saysWhereItLooked() {
    assertThatThrownBy(() -> DemoModel.beside(directory.resolve("lib/larder.jar")))
        .isInstanceOf(DemoException.ModelMissing.class)
        .hasMessageContaining("share/demo/")
        .hasMessageContaining("./build");
  }

  /** The commit by git itself, from the files on disk and the pointer in place of the weights. */
  private String gitsOwnCommit() throws Exception {
    Path work = directory.resolve("hub");
    byte[] pointer =
        ("version https://git-lfs.github.com/spec/v1\noid sha256:"
                + sha256(weights)
                + "\nsize 300000\n")
            .getBytes(StandardCharsets.US_ASCII);
    Files.write(work.resolve("onnx/model_quantized.onnx"), pointer);
    String script =
        "git init -q . && git -c filter.lfs.clean=cat -c filter.lfs.required=false add -A"
            + " && T=$(git write-tree) && echo 'Offer all-MiniLM-L6-v2' | git commit-tree $T";
    ProcessBuilder git = new ProcessBuilder("sh", "-c", script).directory(work.toFile());
    for (String who : new String[] {"AUTHOR", "COMMITTER"}) {
      git.environment().put("GIT_" + who + "_NAME", "Larder demo");
      git.environment().put("GIT_" + who + "_EMAIL", "demo@larder.invalid");
      git.environment().put("GIT_" + who + "_DATE", "1767225600 +0000");
    }
    git.environment().put("GIT_CONFIG_GLOBAL", "/dev/null");
    Process run = git.redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String commit = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    assertThat(run.waitFor()).isZero();
    return commit;
  }

  private Path packageOf(byte[] model) throws IOException {
    Path jar = directory.resolve("package.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      entries.putNextEntry(new ZipEntry(DemoModel.WEIGHTS));
      entries.write(model);
      entries.putNextEntry(new ZipEntry(DemoModel.TOKENIZER));
      entries.write("{\"version\":\"1.0\"}".getBytes(StandardCharsets.UTF_8));
    }
    return jar;
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send(request(path));
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(hub.address().resolve(path));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> answer, String name) {
    return answer.headers().firstValue(name).orElse("");
  }

  private static String sha256(byte[] bytes) throws Exception {
    return Digest.of(MessageDigest.getInstance("SHA-256").digest(bytes)).hex();
  }

  private static String gitId(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    MessageDigest sha1 = GitBlobId.hasher(bytes.length);
    return HexFormat.of().formatHex(sha1.digest(bytes));
  }
}
