package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A client that runs. It is waited for with {@link #said}, or interrupted. */
final class Client {
  private static final long SECONDS = 120;

  private final List<String> command;
  private final Process process;
  private final Path out;
  private final Path errors;

  private Client(List<String> command, Process process, Path out, Path errors) {
    this.command = command;
    this.process = process;
    this.out = out;
    this.errors = errors;
  }

  /** What a command said and how it ended. */
  record Said(int status, String out, String all) {
    Said well() {
      assertThat(status).as(all).isZero();
      return this;
    }

    Said badly() {
      assertThat(status).as(all).isNotIn(0, 124);
      return this;
    }
  }

  /** Without proxies and without settings of this machine that clients of the hub would read. */
  static Client start(Map<String, String> environment, List<String> command) throws IOException {
    return startIn(Path.of(""), environment, command);
  }

  /** The same in a folder. */
  static Client startIn(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    Path out = Files.createTempFile("larder-client-", ".out");
    Path errors = Files.createTempFile("larder-client-", ".err");
    ProcessBuilder builder =
        new ProcessBuilder(command).directory(folder.toAbsolutePath().toFile());
    builder
        .environment()
        .keySet()
        .removeIf(
            name -> name.startsWith("HF_") || name.toLowerCase(Locale.ROOT).endsWith("_proxy"));
    builder.environment().putAll(environment);
    Process process = builder.redirectOutput(out.toFile()).redirectError(errors.toFile()).start();
    process.getOutputStream().close();
    return new Client(command, process, out, errors);
  }

  /** Waits for its end; status 124 when that takes more than two minutes. */
  Said said() throws IOException, InterruptedException {
    boolean ended = process.waitFor(SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String printed = new String(Files.readAllBytes(out), StandardCharsets.UTF_8);
    String complaints = new String(Files.readAllBytes(errors), StandardCharsets.UTF_8);
    Files.delete(out);
    Files.delete(errors);
    int status = ended ? process.exitValue() : 124;
    return new Said(status, printed, String.join(" ", command) + "\n" + printed + complaints);
  }

  /** Waits until it has written something into a file. */
  void awaitBytesIn(Path file) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    while (!Files.exists(file) || Files.size(file) == 0) {
      boolean ended = process.waitFor(10, TimeUnit.MILLISECONDS);
      assertThat(ended || System.nanoTime() > deadline).as("writes nothing: " + command).isFalse();
    }
  }

  /** As Ctrl-C does; waits for its end. */
  void interrupt() throws IOException, InterruptedException {
    assertThat(process.isAlive()).as("still at work: " + command).isTrue();
    process.destroy();
    Said last = said();
    assertThat(last.status()).as(last.all()).isNotIn(0, 124);
  }
}
