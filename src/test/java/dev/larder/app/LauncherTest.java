package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The real launcher in a checkout of its own, in a directory with a space in its name, with a
 * {@code mvn} that writes down its calls and a JVM that prints its arguments.
 */
class LauncherTest {
  @TempDir Path temporary;
  private Path checkout;
  private Path tools;
  private Path jdk;

  @BeforeEach
  void layOut() throws IOException {
    checkout = Files.createDirectory(temporary.resolve("check out"));
    tools = Files.createDirectory(temporary.resolve("tools"));
    jdk = Files.createDirectories(temporary.resolve("jdk/bin")).getParent();
    for (String file : List.of("larder", "find-jdk.sh")) {
      Files.copy(Path.of(file), checkout.resolve(file));
    }
    executable(checkout.resolve("larder"));
    write(checkout.resolve("pom.xml"), "<project/>");
    write(checkout.resolve("src/main/java/A.java"), "class A {}");
    backdate();
    script(
        tools.resolve("mvn"),
        "echo '[INFO] --- compiler:1:compile (x) @ larder ---'; echo call >> calls; sleep 0.3",
        "[ ! -f broken ] || { echo '[ERROR] A.java: no'; exit 1; }",
        "mkdir -p target; echo jar > target/larder.jar");
    write(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    script(jdk.resolve("bin/javac"), "echo javac 25.0.1");
    script(
        jdk.resolve("bin/java"),
        "for a in \"$@\"; do case $a in -XX:AOTCacheOutput=*)",
        "  echo cache > \"${a#*=}\"; echo 'Larder serves x at http://127.0.0.1:1'; exit 0;; esac; done",
        "printf '<%s>' \"$@\"; echo");
  }

  @Test
  void firstUse_buildsOnce_andPrintsOnlyDataOnStdout() throws Exception {
    Run first = run(checkout.resolve("larder"), "ls", "two words");

    assertThat(first.code).as(first.err).isZero();
    assertThat(first.out)
        .startsWith("<-XX:+UseSerialGC>")
        .contains("<-XX:AOTCache=" + checkout + "/target/larder-commands.aot>")
        .endsWith("<-jar><" + checkout + "/target/larder.jar><ls><two words>\n");
    assertThat(first.err).contains("larder: building", "compiler:1:compile", "larder: built.");
    Run second = run(checkout.resolve("larder"), "serve");
    assertThat(second.err).isEmpty();
    assertThat(second.out).contains("<-XX:AOTCache=" + checkout + "/target/larder.aot>");
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void changedSource_isBuiltAgain() throws Exception {
    run(checkout.resolve("larder"), "ls");
    write(checkout.resolve("src/main/java/B.java"), "class B {}");

    assertThat(run(checkout.resolve("larder"), "ls").err).contains("larder: building");
    Files.delete(checkout.resolve("src/main/java/A.java"));
    assertThat(run(checkout.resolve("larder"), "ls").err).contains("larder: building");
    assertThat(run(checkout.resolve("larder"), "ls").err).isEmpty();
    assertThat(calls()).isEqualTo(3);
  }

  @Test
  void throughALink_findsItsCheckout() throws Exception {
    Path link = Files.createSymbolicLink(temporary.resolve("here"), Path.of("tools/there"));
    Files.createSymbolicLink(tools.resolve("there"), checkout.resolve("larder"));

    Run run = run(link, "ls");

    assertThat(run.code).as(run.err).isZero();
    assertThat(run.out).contains("<" + checkout + "/target/larder.jar>");
  }

  @Test
  void twoFirstUsesAtOnce_buildOnce() throws Exception {
    Started one = start(checkout.resolve("larder"), "ls");
    Started two = start(checkout.resolve("larder"), "ls");

    assertThat(finish(one).out).endsWith("<ls>\n");
    assertThat(finish(two).out).endsWith("<ls>\n");
    assertThat(calls()).isEqualTo(1);
  }

  @Test
  void failedBuild_saysSoAndIsTriedAgain() throws Exception {
    write(checkout.resolve("broken"), "");

    Run run = run(checkout.resolve("larder"), "ls");

    assertThat(run.code).isEqualTo(1);
    assertThat(run.out).isEmpty();
    assertThat(run.err).contains("[ERROR] A.java: no", "larder: the build failed");
    Files.delete(checkout.resolve("broken"));
    assertThat(run(checkout.resolve("larder"), "ls").code).isZero();
  }

  @Test
  void noMaven_saysWhatToInstall() throws Exception {
    Files.delete(tools.resolve("mvn"));

    Run run = run(checkout.resolve("larder"), "ls");

    assertThat(run.code).isEqualTo(1);
    assertThat(run.out).isEmpty();
    assertThat(run.err).contains("Maven 3.8 or newer").doesNotContain("command not found");
  }

  @Test
  void command_behindHome_decidesTheJvmFlags() throws Exception {
    assertThat(run(checkout.resolve("larder"), "--home", "ls", "serve").out)
        .contains("<-Xmx288m>")
        .doesNotContain("TieredStopAtLevel");
    assertThat(run(checkout.resolve("larder"), "--home=x", "pull", "serve").out)
        .doesNotContain("<-Xmx288m>", "TieredStopAtLevel");
    assertThat(run(checkout.resolve("larder"), "config").out).contains("<-XX:TieredStopAtLevel=1>");
    assertThat(run(checkout.resolve("larder")).out).endsWith("larder.jar>\n");
  }

  @Test
  void localeWithoutUtf8_becomesOneWithIt() throws Exception {
    script(jdk.resolve("bin/java"), "echo \"locale ${LC_ALL:-none}\"");
    String launcher = checkout.resolve("larder").toString();
    Path env = Path.of("/usr/bin/env");

    assertThat(run(env, "LC_ALL=POSIX", launcher, "ls").out).isEqualTo("locale C.UTF-8\n");
    assertThat(run(env, "-u", "LC_ALL", "-u", "LC_CTYPE", "LANG=C", launcher, "ls").out)
        .isEqualTo("locale C.UTF-8\n");
    assertThat(run(env, "LC_ALL=de_DE.UTF-8", launcher, "ls").out)
        .isEqualTo("locale de_DE.UTF-8\n");
  }

  private long calls() throws IOException {
    return Files.readAllLines(checkout.resolve("calls")).size();
  }

  private Run run(Path launcher, String... arguments) throws Exception {
    return finish(start(launcher, arguments));
  }

  private Started start(Path launcher, String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of(launcher.toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).directory(temporary.toFile());
    Path err = Files.createTempFile(temporary, "err", "");
    builder.redirectError(err.toFile());
    builder.environment().put("JAVA_HOME", jdk.toString());
    builder.environment().put("PATH", tools + ":" + basics());
    return new Started(builder.start(), err);
  }

  /** Ordinary tools without a Maven that the machine may have beside them. */
  private Path basics() throws IOException {
    Path basics = temporary.resolve("basics");
    if (!Files.exists(basics)) {
      Files.createDirectory(basics);
      for (String tool :
          List.of(
              "bash",
              "env",
              "readlink",
              "dirname",
              "find",
              "mkdir",
              "ln",
              "mkfifo",
              "mv",
              "rm",
              "touch",
              "tee",
              "awk",
              "cat",
              "sed",
              "flock",
              "sleep",
              "timeout")) {
        for (String place : List.of("/usr/bin", "/bin")) {
          Path file = Path.of(place, tool);
          if (Files.exists(file) && !Files.exists(basics.resolve(tool))) {
            write(basics.resolve(tool), "#!/bin/sh\nexec " + file + " \"$@\"\n");
            executable(basics.resolve(tool));
          }
        }
      }
    }
    return basics;
  }

  private static Run finish(Started started) throws Exception {
    Process process = started.process;
    String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Run(process.waitFor(), out, Files.readString(started.err));
  }

  /** Sources as old as a checkout's: the stamp's clock may tick only now and then. */
  private void backdate() throws IOException {
    FileTime past = FileTime.from(Instant.parse("2026-01-01T00:00:00Z"));
    try (var files = Files.walk(checkout)) {
      for (Path file : files.toList()) {
        Files.setLastModifiedTime(file, past);
      }
    }
  }

  private static void script(Path file, String... lines) throws IOException {
    write(file, "#!/usr/bin/env bash\n" + String.join("\n", lines) + "\n");
    executable(file);
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private record Started(Process process, Path err) {}

  private record Run(int code, String out, String err) {}
}
