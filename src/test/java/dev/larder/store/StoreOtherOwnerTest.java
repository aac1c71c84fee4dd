package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.larder.content.Digest;
import dev.larder.testing.Bytes;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cache that belongs to another user: this one is root, and the store is nobody's. */
final class StoreOtherOwnerTest {
  private static final byte[] BYTES = Bytes.of(1, 300_000);
  private static final Digest DIGEST = Bytes.digest(BYTES);
  private static final int NOBODY = 65534;
  private static final Path SETPRIV = Path.of("/usr/bin/setpriv");

  @TempDir Path directory;

  @Test
  void adopt_ofAnotherUser_isServedWhereItIsAndLeftAlone() throws Exception {
    assumeTwoUsers();
    Path file = Files.write(directory.resolve("python"), BYTES);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Path home = Files.createDirectory(directory.resolve("home"));
    Files.setAttribute(home, "unix:uid", NOBODY);

    String said = asNobody(AdoptAsOther.class, home.toString(), file.toString(), DIGEST.hex());

    assertThat(said).contains("not permitted, 300000 bytes, " + BYTES[0]);
    assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
  }

  /** As in a cache that a group shares, where each has the lock files that it made first. */
  @Test
  void lock_ofAnotherUser_isLookedAtWithoutTheRightToWriteIt() throws Exception {
    assumeTwoUsers();
    Path free = lock("free", "rw-r--r--");
    Path held = lock("held", "rw-r--r--");
    Path secret = lock("secret", "rw-------");
    Path gone = directory.resolve("gone");

    try (Flock _ = Flock.tryExisting(held).orElseThrow()) {
      assertThat(
              asNobody(
                  LockAsOther.class,
                  free.toString(),
                  held.toString(),
                  secret.toString(),
                  gone.toString()))
          .contains("free free", "held held", "secret AccessDeniedException")
          .contains("gone NoSuchFileException");
    }
    assertThat(gone).doesNotExist();
  }

  private Path lock(String name, String mode) throws IOException {
    Path lock = Files.createFile(directory.resolve(name));
    return Files.setPosixFilePermissions(lock, PosixFilePermissions.fromString(mode));
  }

  private void assumeTwoUsers() throws IOException {
    assumeTrue((int) Files.getAttribute(directory, "unix:uid") == 0, "only root can be two users");
    assumeTrue(Files.isExecutable(SETPRIV), "there is no " + SETPRIV);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String asNobody(Class<?> program, String... args) throws Exception {
    List<String> command = new ArrayList<>(java(program));
    command.addAll(List.of(args));
    Process other = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assumeTrue(
        !said.contains("Could not find or load main class"), "nobody may not read the classes");
    return said;
  }

  private List<String> java(Class<?> program) throws IOException {
    return List.of(
        SETPRIV.toString(),
        "--reuid=" + NOBODY,
        "--regid=" + NOBODY,
        "--clear-groups",
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "-XX:+UseSerialGC",
        "-XX:TieredStopAtLevel=1",
        "--enable-native-access=ALL-UNNAMED",
        "-cp",
        readableClasses(),
        program.getName());
  }

  /** Libraries may lie in a folder of root's. */
  private String readableClasses() throws IOException {
    Path libraries = Files.createDirectory(directory.resolve("lib"));
    List<String> classes = new ArrayList<>();
    for (String part :
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
            .split(File.pathSeparator)) {
      Path library = Path.of(part);
      if (Files.isDirectory(library)) {
        classes.add(part);
      } else if (part.contains("slf4j")) {
        classes.add(Files.copy(library, libraries.resolve(library.getFileName())).toString());
      }
    }
    return String.join(File.pathSeparator, classes);
  }
}
