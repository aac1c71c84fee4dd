package dev.larder.cli;

import java.io.BufferedReader;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The streams of a command, UTF-8. {@code out} is for data, {@code err} for everything else; {@code
 * interactive} says whether a person watches {@code err}; {@code in} is what they type, empty where
 * no person types.
 */
public record Terminal(
    DataWriter out, PrintWriter err, boolean interactive, Optional<BufferedReader> in) {
  private static final int STDIN = 0;
  private static final int STDOUT = 1;
  private static final int STDERR = 2;

  /** Nobody answers there. */
  public Terminal(DataWriter out, PrintWriter err, boolean interactive) {
    this(out, err, interactive, Optional.empty());
  }

  /** Those of this process. */
  public static Terminal ofProcess() {
    return new Terminal(
        new DataWriter(new FileOutputStream(FileDescriptor.out)),
        new PrintWriter(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8),
        watched(),
        isTerminal(STDIN)
            ? Optional.of(
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8)))
            : Optional.empty());
  }

  /** Whether a person sees a question and can answer it: a pipe is none. */
  boolean canAsk() {
    return interactive && in.isPresent();
  }

  /** The next line of who sits there; empty at the end. */
  String answer() {
    try {
      String line = in.isPresent() ? in.get().readLine() : null;
      return line == null ? "" : line;
    } catch (IOException _) {
      return ""; // No answer is no consent.
    }
  }

  /** Why data is missing where it was sent; a reader who had enough of it misses nothing. */
  Optional<IOException> undelivered() {
    return out.failure().filter(_ -> !link(STDOUT).startsWith("pipe:"));
  }

  private static boolean watched() {
    return !"dumb".equals(System.getenv("TERM")) && isTerminal(STDERR);
  }

  /** Java can tell of stdin and stdout together, not of one; on Linux the link says it. */
  private static boolean isTerminal(int descriptor) {
    String target = link(descriptor);
    if (target.isEmpty()) {
      var console = System.console();
      return console != null && console.isTerminal();
    }
    return target.startsWith("/dev/pts/")
        || target.startsWith("/dev/tty")
        || target.equals("/dev/console");
  }

  /** What a descriptor of this process stands for; empty where the system does not say. */
  private static String link(int descriptor) {
    try {
      return Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
    } catch (IOException | UnsupportedOperationException _) {
      return ""; // Whoever asks takes it for something else than it looked for.
    }
  }
}
