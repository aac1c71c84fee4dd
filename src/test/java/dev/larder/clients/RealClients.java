package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The clients that {@code tests/clients/setup} installed. */
final class RealClients {
  private static final Path SCRIPTS = Path.of("tests", "clients").toAbsolutePath();

  private RealClients() {}

  private static Path folder() {
    String named = System.getenv("LARDER_CLIENTS");
    String temporary = System.getenv("TMPDIR");
    return named != null && !named.isEmpty()
        ? Path.of(named)
        : Path.of(temporary == null ? "/tmp" : temporary, "larder-clients");
  }

  /** Ends the test as skipped without the Python client; as failed where CI promised it. */
  static void needHf() {
    needInChroot("hf");
  }

  /** The same for llama.cpp. */
  static void needLlama() {
    needInChroot("llama-completion");
  }

  private static void needInChroot(String program) {
    need(folder().resolve("sid/usr/bin").resolve(program), "tests/clients/setup hf");
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "the chroot can only be used by root");
  }

  /** Ends the test as skipped without the JavaScript client; as failed where CI promised it. */
  static void needNpm() {
    need(folder().resolve("npm/node_modules/@huggingface/hub"), "tests/clients/setup npm");
  }

  private static void need(Path file, String remedy) {
    if (!Files.exists(file) && "true".equals(System.getenv("CI"))) {
      fail("no " + file + " although CI=true: run " + remedy);
    }
    assumeTrue(Files.exists(file), "no " + file + ": run " + remedy);
  }

  /** What a command said and how it ended. */
  record Said(int status, String out, String all) {
    Said well() {
      assertThat(status).as(all).isZero();
      return this;
    }
  }

  /** A command of the chroot. */
  static Said python(Map<String, String> environment, String... command) throws Exception {
    List<String> line = new ArrayList<>();
    line.add(SCRIPTS.resolve("in-chroot").toString());
    line.add("env");
    environment.forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(List.of(command));
    return run(line);
  }

  /** A script of {@code tests/clients}, by the chroot's Python. */
  static Said script(Map<String, String> environment, String name, String... arguments)
      throws Exception {
    List<String> command = new ArrayList<>(List.of("python3", SCRIPTS.resolve(name).toString()));
    command.addAll(List.of(arguments));
    return python(environment, command.toArray(String[]::new));
  }

  /** All files of a revision, read by {@code @huggingface/hub}. */
  static Said npm(String endpoint, String type, String repo, String revision) throws Exception {
    return run(
        List.of(
            "node",
            SCRIPTS.resolve("hub.mjs").toString(),
            folder().resolve("npm").toString(),
            endpoint,
            type,
            repo,
            revision));
  }

  private static Said run(List<String> command) throws IOException, InterruptedException {
    Path errors = Files.createTempFile("larder-client-", ".err");
    Process process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    boolean ended = process.waitFor(120, TimeUnit.SECONDS);
    process.destroyForcibly();
    String all = String.join(" ", command) + "\n" + out + Files.readString(errors);
    Files.delete(errors);
    return new Said(ended ? process.exitValue() : 124, out, all);
  }
}
