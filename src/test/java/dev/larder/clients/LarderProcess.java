package dev.larder.clients;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.testing.FakeHub;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code larder serve} as a process of its own, on a free port, in front of a hub. */
final class LarderProcess implements AutoCloseable {
  private static final Path JAR = Path.of("target", "larder.jar").toAbsolutePath();
  private static final Pattern ADDRESS = Pattern.compile("http://[^\\s\"]+");

  private final Process process;
  private final URI address;

  private LarderProcess(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /** Returns once requests are answered. Its log goes to {@code log}. */
  static LarderProcess start(Path home, URI hub, Path log) throws IOException {
    return start(home, hub, log, Map.of());
  }

  /** The same in {@code scratch}, with refs that are taken for right for an hour. */
  static LarderProcess start(Path scratch, FakeHub hub) throws IOException {
    return start(
        scratch.resolve("home"),
        hub.uri(),
        scratch.resolve("larder.log"),
        Map.of("LARDER_REF_TTL", "1h"));
  }

  /** The same with more settings. */
  static LarderProcess start(Path home, URI hub, Path log, Map<String, String> settings)
      throws IOException {
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    ProcessBuilder builder =
        new ProcessBuilder(
            List.of(
                java.toString(),
                "-jar",
                JAR.toString(),
                "serve",
                "--port",
                "0",
                "--home",
                home.toString()));
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("LARDER_") || name.startsWith("HF_"));
    environment.put("LARDER_HUB_UPSTREAM", hub.toString());
    environment.put("LARDER_ALLOW_PRIVATE", "127.0.0.0/8");
    environment.put("LARDER_MIN_FREE", "10MB");
    environment.put("LARDER_REF_TTL", "1s");
    environment.putAll(settings);
    builder.directory(Files.createDirectories(home).toFile());
    builder.redirectError(log.toFile());
    Process process = builder.start();
    return new LarderProcess(process, firstAddress(process, log));
  }

  private static URI firstAddress(Process process, Path log) throws IOException {
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    String line = lines.readLine();
    Matcher found = ADDRESS.matcher(String.valueOf(line));
    if (!found.find()) {
      process.destroyForcibly();
      throw new IOException(
          "larder serve printed " + line + "; its log:\n" + Files.readString(log));
    }
    return URI.create(found.group());
  }

  /** What {@code HF_ENDPOINT} is set to. */
  String endpoint() {
    return address.resolve("/hf").toString();
  }

  URI address() {
    return address;
  }

  /** Asks it to end, as a service manager does, and expects it to do so within ten seconds. */
  @Override
  public void close() throws InterruptedException {
    process.destroy();
    boolean ended = process.waitFor(10, TimeUnit.SECONDS);
    process.destroyForcibly();
    assertThat(ended).as("larder serve ends within 10 s of SIGTERM").isTrue();
  }
}
