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
    assumeTrue((int) Files.getAttribute(directory, "unix:uid") == 0, "only root can be two users");
    assumeTrue(Files.isExecutable(SETPRIV), "there is no " + SETPRIV);
    Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path file = Files.write(directory.resolve("python"), BYTES);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    Path home = Files.createDirectory(directory.resolve("home"));
    Files.setAttribute(home, "unix:uid", NOBODY);

    Process other = new ProcessBuilder(command(home, file)).redirectErrorStream(true).start();
    String said = new String(other.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assumeTrue(
        !said.contains("Could not find or load main class"), "nobody may not read the classes");

    assertThat(said).contains("not permitted, 300000 bytes, " + BYTES[0]);
    assertThat(Files.getAttribute(file, "unix:nlink")).isEqualTo(1);
    assertThat(Files.getAttribute(file, "unix:uid")).isEqualTo(0);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-r--r--");
  }

  private List<String> command(Path home, Path file) throws IOException {
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
        AdoptAsOther.class.getName(),
        home.toString(),
        file.toString(),
        DIGEST.hex());
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
