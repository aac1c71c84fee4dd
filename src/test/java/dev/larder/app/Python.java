package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program with a real huggingface_hub, one of those that {@code tests/clients/setup} makes. */
enum Python {
  /** The one of Debian, in a chroot. */
  DEBIAN("sid/usr/bin/hf"),
  /** The newest that could be had, in a virtual environment. */
  NEWEST("venv/bin/hf");

  private static final Path SCRIPTS = Path.of("tests", "clients").toAbsolutePath();
  private static final long PATIENCE_SECONDS = 240;

  private final String program;

  Python(String program) {
    this.program = program;
  }

  private static Path folder() {
    String named = System.getenv("TEST_CLIENTS");
    String temporary = System.getenv("TMPDIR");
    return named != null && !named.isEmpty()
        ? Path.of(named)
        : Path.of(temporary == null ? "/tmp" : temporary, "larder-clients");
  }

  boolean isHere() {
    return Files.exists(folder().resolve(program))
        && "root".equals(System.getProperty("user.name"));
  }

  /** Ends the test as skipped without it. */
  Python need() {
    assumeTrue(isHere(), "no " + folder().resolve(program) + " for root: run tests/clients/setup");
    return this;
  }

  /** Those that are here; ends the test as skipped without any, as failed where CI promised one. */
  static List<Python> all() {
    List<Python> here = Arrays.stream(values()).filter(Python::isHere).toList();
    if (here.isEmpty() && "true".equals(System.getenv("CI"))) {
      fail("no huggingface_hub although CI=true: run tests/clients/setup hf");
    }
    assumeTrue(!here.isEmpty(), "no huggingface_hub for root: run tests/clients/setup hf");
    return here;
  }

  /** A running program. */
  record Running(Process process, Path said) {
    /** What it printed; it must end well. */
    String well() throws IOException, InterruptedException {
      boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
      process.destroyForcibly();
      String text = Files.readString(said);
      assertThat(ended).as("it ends; it said " + text).isTrue();
      assertThat(process.exitValue()).as(text).isZero();
      return text;
    }
  }

  /** Starts a script of {@code tests/clients}. */
  Running script(Map<String, String> environment, String name, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", SCRIPTS.resolve(name).toString()));
    command.addAll(List.of(arguments));
    return start(environment, command);
  }

  /** Starts a few lines of Python. */
  Running lines(Map<String, String> environment, String lines, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("python3", "-c", lines));
    command.addAll(List.of(arguments));
    return start(environment, command);
  }

  /** Starts a shell script, in which {@code python3} is this one. */
  Running shell(Map<String, String> environment, String script, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(List.of("bash", "-c", script, "shell"));
    command.addAll(List.of(arguments));
    return start(environment, command);
  }

  private Running start(Map<String, String> environment, List<String> command) throws IOException {
    Map<String, String> all = new HashMap<>(environment);
    all.put("HF_HUB_DISABLE_TELEMETRY", "1");
    all.put("HF_HUB_DISABLE_PROGRESS_BARS", "1");
    all.put("HF_HUB_DISABLE_UPDATE_CHECK", "1");
    all.put("LC_ALL", "C.UTF-8");
    if (this == NEWEST) {
      all.put("HOME", Files.createDirectories(folder().resolve("home")).toString());
      all.put("PATH", folder().resolve("venv/bin") + ":" + System.getenv("PATH"));
    }
    List<String> line = new ArrayList<>();
    if (this == DEBIAN) {
      line.add(SCRIPTS.resolve("in-chroot").toString());
    }
    line.add("env");
    all.forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(command);
    Path said = Files.createTempFile("larder-python-", ".txt");
    said.toFile().deleteOnExit();
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(name -> name.matches("HF_.*|LARDER_(?!CLIENTS).*"));
    Process process = builder.redirectErrorStream(true).redirectOutput(said.toFile()).start();
    process.getOutputStream().close();
    return new Running(process, said);
  }
}
