package dev.larder.app;

import dev.larder.testing.FakeHub;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code target/larder.jar} as users run it: a process of its own, with no settings but those given
 * here.
 */
final class Product {
  private static final Path JAR = Path.of("target", "larder.jar").toAbsolutePath();
  private static final Pattern ADDRESS = Pattern.compile("http://[^\\s\"]+");
  private static final long PATIENCE_SECONDS = 60;

  private final Path scratch;
  private final Map<String, String> settings = new HashMap<>();
  private final List<String> before = new ArrayList<>();

  /** {@code scratch} is the working directory and takes what commands print. */
  Product(Path scratch) {
    this.scratch = scratch;
    set("LARDER_MIN_FREE", "0B").set("LARDER_ALLOW_PRIVATE", "127.0.0.0/8");
  }

  /** A Larder over {@code home} before {@code hub}. */
  static Product before(FakeHub hub, Path scratch, Path home) {
    return new Product(scratch)
        .set("LARDER_HOME", home.toString())
        .set("LARDER_HUB_UPSTREAM", hub.uri().toString());
  }

  Product set(String name, String value) {
    settings.put(name, value);
    return this;
  }

  /** Runs what follows below another program, such as {@code strace}. */
  Product under(String... program) {
    before.clear();
    before.addAll(List.of(program));
    return this;
  }

  /** What a command left behind. */
  record Ran(int exit, String out, String err) {}

  /** Runs a command to its end. */
  Ran run(String... arguments) throws IOException, InterruptedException {
    Path out = Files.createTempFile(scratch, "out", ".txt");
    Path err = Files.createTempFile(scratch, "err", ".txt");
    List<String> flags = List.of("-XX:SharedArchiveFile=" + Classes.ARCHIVE);
    Process process = process(flags, err, arguments).redirectOutput(out.toFile()).start();
    boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String said = Files.readString(err);
    if (!ended) {
      throw new IOException("larder " + String.join(" ", arguments) + " does not end: " + said);
    }
    return new Ran(process.exitValue(), Files.readString(out), said);
  }

  /** Starts a command, to be ended by the test. What it prints is kept in {@code scratch}. */
  Process start(String... arguments) throws IOException {
    Path out = Files.createTempFile(scratch, "out", ".txt");
    Path err = Files.createTempFile(scratch, "err", ".txt");
    List<String> flags = List.of("-XX:SharedArchiveFile=" + Classes.ARCHIVE);
    return process(flags, err, arguments).redirectOutput(out.toFile()).start();
  }

  /** Starts {@code serve} on a free port; it answers once {@link Server#ready} has returned. */
  Server serve(Path home) throws IOException {
    Path log = Files.createTempFile(scratch, "serve", ".log");
    return new Server(process(log, "serve", "--port", "0", "--home", home.toString()).start(), log);
  }

  /**
   * The classes of a command, made once. Loading them one by one is half of what a short command
   * takes; the launcher keeps them too.
   */
  private static final class Classes {
    static final Path ARCHIVE = make();

    private static Path make() {
      try {
        Path folder = Files.createDirectories(JAR.resolveSibling("product-classes"));
        Path archive = folder.resolve("classes.jsa");
        // Tests in another JVM do the same meanwhile: what they start reads whole archives only.
        Path mine = Files.createTempFile(folder, "classes", ".jsa");
        Files.delete(mine);
        Process process =
            new Product(folder)
                .set("LARDER_HOME", folder.toString())
                .process(List.of("-XX:ArchiveClassesAtExit=" + mine), folder.resolve("said"), "ls")
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS) || !Files.exists(mine)) {
          throw new IOException("no archive of classes was made");
        }
        Files.move(mine, archive, StandardCopyOption.ATOMIC_MOVE);
        return archive;
      } catch (IOException | InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private ProcessBuilder process(Path err, String... arguments) {
    return process(List.of(), err, arguments);
  }

  private ProcessBuilder process(List<String> flags, Path err, String... arguments) {
    List<String> line = new ArrayList<>(before);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-XX:+UseSerialGC", "-XX:+UseCompactObjectHeaders"));
    line.addAll(List.of("-Xms48m", "-Xmx288m", "-Xmn24m", "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of("-XX:MinHeapFreeRatio=15", "-XX:MaxHeapFreeRatio=30"));
    line.addAll(flags);
    line.addAll(List.of("-jar", JAR.toString()));
    line.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(line);
    builder.environment().keySet().removeIf(name -> name.matches("(LARDER|HF)_.*|.*_CACHE_PATH"));
    builder.environment().put("LC_ALL", "C.UTF-8");
    builder.environment().put("MALLOC_ARENA_MAX", "2");
    builder.environment().putAll(settings);
    return builder.directory(scratch.toFile()).redirectError(err.toFile());
  }

  /** A running {@code serve}. Closing kills it. */
  static final class Server implements AutoCloseable {
    private final Process process;
    private final Path log;

    private Server(Process process, Path log) {
      this.process = process;
      this.log = log;
    }

    /** The address it printed. */
    URI ready() throws IOException {
      BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
      Matcher found = ADDRESS.matcher(String.valueOf(lines.readLine()));
      if (!found.find()) {
        throw new IOException("larder serve did not start; its log:\n" + log());
      }
      return URI.create(found.group());
    }

    /** The process, as the system sees it. */
    Path proc() {
      return Path.of("/proc", Long.toString(process.pid()));
    }

    String log() throws IOException {
      return Files.readString(log);
    }

    /** Lets it run on; false when it ended by itself. */
    boolean runsFor(long millis) throws InterruptedException {
      return !process.waitFor(millis, TimeUnit.MILLISECONDS);
    }

    /** {@code kill -9}. */
    void kill() throws InterruptedException {
      process.destroyForcibly().waitFor();
    }

    /** {@code kill -TERM}; answers the exit code. */
    int stop() throws InterruptedException, IOException {
      process.destroy();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IOException("larder serve does not stop; its log:\n" + log());
      }
      return process.exitValue();
    }

    @Override
    public void close() throws InterruptedException {
      kill();
    }
  }
}
