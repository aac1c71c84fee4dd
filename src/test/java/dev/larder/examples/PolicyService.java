package dev.larder.examples;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code examples/policy-analysis/run} as a process, and a client of it. */
final class PolicyService implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final Path FOLDER = Path.of("examples", "policy-analysis");
  private static final String BOUNDARY = "larder-6b7f21";

  final Process process;
  private final HttpClient client = HttpClient.newHttpClient();
  private final URI address;

  private PolicyService(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** What the script is started with. {@code log}: gets its stderr. */
  static ProcessBuilder command(Path log, String... arguments) {
    return command(FOLDER, log, arguments);
  }

  private static ProcessBuilder command(Path folder, Path log, String... arguments) {
    ProcessBuilder builder = new ProcessBuilder(folder.resolve("run").toAbsolutePath().toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    builder.environment().put("POLICY_ANALYSIS_AS_BUILT", "yes");
    return builder.redirectError(log.toFile());
  }

  static PolicyService start(Path models, Path log) throws IOException {
    return start(FOLDER, models, log);
  }

  /** {@code folder}: of the example. */
  static PolicyService start(Path folder, Path models, Path log) throws IOException {
    Process process = command(folder, log, "--models", models.toString(), "--port", "0").start();
    BufferedReader out = process.inputReader(StandardCharsets.UTF_8);
    String line = out.readLine();
    if (line == null || !line.contains("http://")) {
      process.destroyForcibly();
      throw new IOException("started as: " + line + "; see " + log);
    }
    String url = line.replaceFirst(".*(http://[^,]+),.*", "$1");
    return new PolicyService(process, URI.create(url));
  }

  /**
   * The example in a checkout of its own below {@code place}, built, and then some of its classes
   * removed; answers the folder of the example.
   */
  static Path copyWithout(Path place, String... classes) throws Exception {
    Path folder = Files.createDirectories(place.resolve(FOLDER));
    for (String shared : List.of("larder", "find-jdk.sh", "target")) {
      Files.createSymbolicLink(place.resolve(shared), Path.of(shared).toAbsolutePath());
    }
    for (String part : List.of("pom.xml", "src")) {
      Files.createSymbolicLink(folder.resolve(part), FOLDER.resolve(part).toAbsolutePath());
    }
    Files.copy(FOLDER.resolve("run"), folder.resolve("run"), StandardCopyOption.COPY_ATTRIBUTES);
    Process built = command(folder, place.resolve("build-log"), "--help").start();
    if (built.waitFor() != 0) {
      throw new IOException("see " + place.resolve("build-log"));
    }
    for (String name : classes) {
      Files.delete(folder.resolve("target/classes/com/example/policy/" + name + ".class"));
    }
    return folder;
  }

  /** All that comes back when {@code head} asks for one answer; it is read after all was sent. */
  String raw(String head, byte[] body) throws IOException {
    try (Socket socket = new Socket(address.getHost(), address.getPort())) {
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(body);
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** A form; a value that is bytes is a file. */
  HttpResponse<String> analyze(Map<String, Object> fields) throws Exception {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    for (Map.Entry<String, Object> field : fields.entrySet()) {
      boolean file = field.getValue() instanceof byte[];
      write(body, "--" + BOUNDARY + "\r\nContent-Disposition: form-data; name=\"");
      write(body, field.getKey() + (file ? "\"; filename=\"policy.xlsx\"" : "\"") + "\r\n\r\n");
      body.write(
          field.getValue() instanceof byte[] bytes
              ? bytes
              : field.getValue().toString().getBytes(StandardCharsets.UTF_8));
      write(body, "\r\n");
    }
    write(body, "--" + BOUNDARY + "--\r\n");
    return send(
        request("/api/analyze")
            .header("Content-Type", "multipart/form-data; boundary=" + BOUNDARY)
            .POST(BodyPublishers.ofByteArray(body.toByteArray())));
  }

  /** Analyses and waits for what comes of it: the job as it ended. */
  JsonNode analyzed(Map<String, Object> fields) throws Exception {
    HttpResponse<String> accepted = analyze(fields);
    if (accepted.statusCode() != 202) {
      throw new AssertionError(accepted.statusCode() + " " + accepted.body());
    }
    String id = json(accepted).get("job_id").asString();
    long deadline = System.nanoTime() + Duration.ofMinutes(2).toNanos();
    while (System.nanoTime() < deadline) {
      JsonNode job = json(get("/api/status/" + id));
      String status = job.get("status").asString();
      if (status.equals("done") || status.equals("failed")) {
        return job;
      }
      // What a user's script does; the service answers at once.
      TimeUnit.MILLISECONDS.sleep(20);
    }
    throw new AssertionError("job " + id + " did not end");
  }

  HttpResponse<String> get(String path) throws Exception {
    return send(request(path).GET());
  }

  HttpResponse<String> post(String path, byte[] body) throws Exception {
    return send(request(path).POST(BodyPublishers.ofByteArray(body)));
  }

  /** The entry of a model in memory. */
  JsonNode entry(String key) throws Exception {
    return json(get("/api/cache/stats")).get("entries").path(key);
  }

  static JsonNode json(HttpResponse<String> response) {
    return JSON.readTree(response.body());
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().orTimeout(30, TimeUnit.SECONDS).join();
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(address.resolve(path)).timeout(Duration.ofSeconds(60));
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return client.send(request.build(), BodyHandlers.ofString());
  }

  private static void write(ByteArrayOutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
