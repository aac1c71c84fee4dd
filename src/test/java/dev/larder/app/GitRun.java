package dev.larder.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real git, with a home of its own and nobody to ask for a password. */
final class GitRun {
  private final Path home;

  GitRun(Path home) {
    this.home = home;
  }

  /** What a run printed, both streams together. */
  record Out(int exit, String text) {}

  static boolean hasLfs(Path home) {
    return new GitRun(home).run(home, "lfs", "version").exit() == 0;
  }

  Out run(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    try {
      Path log = Files.createTempFile(home, "git", ".log");
      ProcessBuilder git =
          new ProcessBuilder(command)
              .directory(directory.toFile())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      Map<String, String> variables = git.environment();
      variables
          .keySet()
          .removeIf(name -> name.toLowerCase(java.util.Locale.ROOT).endsWith("proxy"));
      variables.putAll(
          Map.of(
              "HOME", home.toString(),
              "GIT_CONFIG_NOSYSTEM", "1",
              "GIT_TERMINAL_PROMPT", "0",
              "GIT_ASKPASS", "false",
              "GIT_LFS_SKIP_SMUDGE", "1",
              "GIT_AUTHOR_NAME", "a",
              "GIT_AUTHOR_EMAIL", "a@example.org",
              "GIT_COMMITTER_NAME", "a",
              "GIT_COMMITTER_EMAIL", "a@example.org"));
      Process process = git.start();
      if (!process.waitFor(60, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        throw new AssertionError("git does not end:\n" + Files.readString(log));
      }
      return new Out(process.exitValue(), Files.readString(log, StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** As {@link #run}; fails with what was printed. */
  String must(Path directory, String... arguments) {
    Out out = run(directory, arguments);
    if (out.exit() != 0) {
      throw new AssertionError("git " + String.join(" ", arguments) + ":\n" + out.text());
    }
    return out.text();
  }
}
