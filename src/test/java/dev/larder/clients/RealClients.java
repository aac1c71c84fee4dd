package dev.larder.clients;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The clients that {@code tests/clients/setup} installed, each run with surroundings of its own.
 */
final class RealClients {
  private static final Path SCRIPTS = Path.of("tests", "clients").toAbsolutePath();

  private RealClients() {}

  static Path folder() {
    String named = System.getenv("TEST_CLIENTS");
    String temporary = System.getenv("TMPDIR");
    return named != null && !named.isEmpty()
        ? Path.of(named)
        : Path.of(temporary == null ? "/tmp" : temporary, "larder-clients");
  }

  static String script(String name) {
    return SCRIPTS.resolve(name).toString();
  }

  /** Ends the test as skipped without llama.cpp; as failed where CI promised it. */
  static void needLlama() {
    needInChroot("llama-completion");
  }

  static void needInChroot(String program) {
    need(folder().resolve("sid/usr/bin").resolve(program), "tests/clients/setup hf");
    assumeTrue(
        "root".equals(System.getProperty("user.name")), "the chroot can only be used by root");
  }

  /** The same for a package of npm. */
  static void needNpm(String name) {
    need(folder().resolve("npm/node_modules").resolve(name), "tests/clients/setup npm");
  }

  /** The same for a program of this machine. */
  static void needTool(String program) {
    for (String directory : System.getenv("PATH").split(":", -1)) {
      if (Files.isExecutable(Path.of(directory, program))) {
        return;
      }
    }
    need(Path.of("/usr/bin", program), "tests/clients/setup tools");
  }

  static void need(Path file, String remedy) {
    if (!Files.exists(file) && "true".equals(System.getenv("CI"))) {
      fail("no " + file + " although CI=true: run " + remedy);
    }
    assumeTrue(Files.exists(file), "no " + file + ": run " + remedy);
  }

  /** A command of the chroot. */
  static Client inChroot(Map<String, String> environment, String... command) throws Exception {
    return start(List.of(script("in-chroot")), environment, List.of(command));
  }

  /** One of our scripts for Node.js, which gets the folder of its packages first. */
  static Client node(String name, String... arguments) throws Exception {
    List<String> line = new ArrayList<>(List.of("node", script(name)));
    line.add(folder().resolve("npm").toString());
    line.addAll(List.of(arguments));
    return Client.start(Map.of(), line);
  }

  /** Begins with {@code inside}, a command that runs another one. */
  static Client start(List<String> inside, Map<String, String> environment, List<String> command)
      throws Exception {
    List<String> line = new ArrayList<>(inside);
    line.add("env");
    environment.forEach((name, value) -> line.add(name + "=" + value));
    line.addAll(command);
    return Client.start(Map.of(), line);
  }
}
