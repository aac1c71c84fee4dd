package dev.larder.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The two streams of a command, UTF-8. {@code out} is for data, {@code err} for everything else;
 * {@code interactive} says whether a person watches {@code err}.
 */
public record Terminal(PrintWriter out, PrintWriter err, boolean interactive) {
  /** Those of this process. */
  public static Terminal ofProcess() {
    return new Terminal(writer(FileDescriptor.out), writer(FileDescriptor.err), watched());
  }

  private static PrintWriter writer(FileDescriptor stream) {
    return new PrintWriter(new FileOutputStream(stream), true, StandardCharsets.UTF_8);
  }

  /** Java can tell of stdin and stdout together, not of stderr; on Linux the link says it. */
  private static boolean watched() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      var console = System.console();
      return console != null && console.isTerminal();
    }
  }
}
