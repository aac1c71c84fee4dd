package dev.larder.app;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * A mount made for one test and gone with it. Where mounting is not allowed the test is skipped.
 */
final class Mounted implements AutoCloseable {
  private final Path at;

  private Mounted(Path at) {
    this.at = at;
  }

  /** A file system of its own that holds so much. */
  static Mounted tmpfs(Path at, long bytes) throws Exception {
    return tmpfs(at, "size=" + bytes);
  }

  /** One that holds only so many files too. */
  static Mounted tmpfs(Path at, long bytes, int inodes) throws Exception {
    return tmpfs(at, "size=" + bytes + ",nr_inodes=" + inodes);
  }

  private static Mounted tmpfs(Path at, String options) throws Exception {
    Files.createDirectories(at);
    String said = run("mount", "-t", "tmpfs", "-o", options, "tmpfs", at.toString());
    assumeTrue(said.isEmpty(), "a tmpfs cannot be mounted here: " + said);
    return new Mounted(at);
  }

  /** {@code directory} under another name, where nobody can write. */
  static Mounted readOnly(Path directory, Path at) throws Exception {
    Files.createDirectories(at);
    String said = run("mount", "--bind", directory.toString(), at.toString());
    assumeTrue(said.isEmpty(), "a directory cannot be mounted again here: " + said);
    Mounted mounted = new Mounted(at);
    String turned = run("mount", "-o", "remount,ro,bind", at.toString());
    if (!turned.isEmpty()) {
      mounted.close();
    }
    assumeTrue(turned.isEmpty(), "a mount cannot be made read-only here: " + turned);
    return mounted;
  }

  /** Lets it have so many files and directories, its own included. */
  void limitInodes(long most) throws Exception {
    String said = run("mount", "-o", "remount,nr_inodes=" + most, at.toString());
    assumeTrue(said.isEmpty(), "a tmpfs cannot be limited here: " + said);
  }

  /** What the command complained about, empty when it did its work. */
  private static String run(String... command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(List.of(command)).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.waitFor();
    return exit == 0 ? "" : "exit " + exit + " " + said.strip();
  }

  @Override
  public void close() throws Exception {
    String said = run("umount", at.toString());
    if (!said.isEmpty()) {
      throw new IOException("cannot unmount " + at + ": " + said);
    }
  }
}
