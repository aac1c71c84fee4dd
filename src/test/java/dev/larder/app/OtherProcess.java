package dev.larder.app;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A class of the tests as a process of its own. Closing kills it. */
final class OtherProcess implements AutoCloseable {
  private final Process process;
  private final Path complaints;
  private final BufferedReader lines;

  private OtherProcess(Process process, Path complaints) {
    this.process = process;
    this.complaints = complaints;
    lines = process.inputReader(StandardCharsets.UTF_8);
  }

  /** {@code scratch} takes what it complains of. */
  static OtherProcess start(Path scratch, Class<?> main, Object... arguments) throws IOException {
    return start(scratch, List.of(), main, arguments);
  }

  /** One that would be on another machine: it takes no processor that others here could use. */
  static OtherProcess startNice(Path scratch, Class<?> main, Object... arguments)
      throws IOException {
    return start(scratch, List.of("nice", "-n", "19"), main, arguments);
  }

  private static OtherProcess start(
      Path scratch, List<String> before, Class<?> main, Object... arguments) throws IOException {
    List<String> line = new ArrayList<>(before);
    line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    line.addAll(List.of("-Xmx160m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp"));
    line.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    line.add(main.getName());
    for (Object argument : arguments) {
      line.add(String.valueOf(argument));
    }
    Path complaints = Files.createTempFile(scratch, "process", ".err");
    return new OtherProcess(
        new ProcessBuilder(line).redirectError(complaints.toFile()).start(), complaints);
  }

  /** The next line it prints. */
  String line() throws IOException {
    String line = lines.readLine();
    if (line == null) {
      throw new IOException("the process ended:\n" + Files.readString(complaints));
    }
    return line;
  }

  /** Waits for a line that begins so; answers what stands behind that. */
  String await(String beginning) throws IOException {
    String line = line();
    while (!line.startsWith(beginning)) {
      line = line();
    }
    return line.substring(beginning.length()).strip();
  }

  /** Lets it know that it should come to its end. */
  void endInput() throws IOException {
    process.getOutputStream().close();
  }

  @Override
  public void close() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }
}
