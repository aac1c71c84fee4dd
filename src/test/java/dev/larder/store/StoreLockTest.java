package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.store.StoreLock.Attempt;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StoreLockTest {
  @TempDir Path directory;

  private static StoreLock mine(Path larder) {
    return switch (StoreLock.attempt(larder)) {
      case Attempt.Mine(StoreLock lock) -> lock;
      case Attempt.Theirs(var owner) -> throw new AssertionError("held by " + owner);
    };
  }

  private static Optional<StoreLock.Owner> theirs(Path larder) {
    return switch (StoreLock.attempt(larder)) {
      case Attempt.Mine _ -> throw new AssertionError("held twice");
      case Attempt.Theirs(var owner) -> owner;
    };
  }

  @Test
  void attempt_heldInThisProcess_namesTheOwner() throws Exception {
    Path larder = directory.resolve("root/larder");
    long pid = ProcessHandle.current().pid();
    StoreLock lock = mine(larder);
    assertThat(theirs(larder)).contains(new StoreLock.Owner(pid, "", ""));
    lock.announce("http://127.0.0.1:8090", "s");
    assertThat(theirs(larder)).contains(new StoreLock.Owner(pid, "http://127.0.0.1:8090", "s"));
    assertThat(Files.getPosixFilePermissions(larder.resolve("LOCK")))
        .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    lock.close();
    lock.close();
    assertThat(larder.resolve("LOCK")).exists();
    mine(larder).close();
  }

  @Test
  void attempt_firstOnAStore_keepsOtherUsersOut_butLeavesWhatAnOperatorSet() throws Exception {
    Path made = directory.resolve("made/larder");
    mine(made).close();
    assertThat(mode(made)).isEqualTo("rwx------");
    assertThat(mode(directory.resolve("made"))).endsWith("r-x"); // The hub tree is for others too.

    Files.setPosixFilePermissions(made, PosixFilePermissions.fromString("rwxr-x---"));
    mine(made).close();
    assertThat(mode(made)).isEqualTo("rwxr-x---");
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void attempt_tornContent_isTheirsWithoutAnOwner() throws Exception {
    StoreLock lock = mine(directory);
    for (String text : new String[] {"", "pid x\naddress \nsecret \nend\n", "pid 1\naddress"}) {
      Files.writeString(directory.resolve("LOCK"), text);
      assertThat(theirs(directory)).isEmpty();
    }
    lock.close();
  }

  @Test
  void attempt_heldByAnotherProcess_isFreeWhenThatDies() throws Exception {
    Process holder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockHolder.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines = output(holder)) {
      awaitLine(lines, "held");
      assertThat(theirs(directory))
          .contains(new StoreLock.Owner(holder.pid(), "http://127.0.0.1:1", "s3cret"));
      holder.destroyForcibly().waitFor();
      mine(directory).close();
    } finally {
      holder.destroyForcibly();
    }
  }

  @Test
  void flock_againstTheShell_excludesBothWays() throws Exception {
    Path tool = Path.of("/usr/bin/flock");
    Assumptions.assumeTrue(Files.isExecutable(tool), "no flock(1) on this machine");
    Path file = directory.resolve("x.lock");
    try (Flock _ = Flock.tryAcquire(file, 0664).orElseThrow()) {
      assertThat(shellTries(file)).isEqualTo(1);
      assertThat(Flock.tryAcquire(file, 0664)).isEmpty();
    }
    assertThat(shellTries(file)).isZero();
    Process shell =
        new ProcessBuilder(tool.toString(), file.toString(), "sh", "-c", "echo held; read x")
            .start();
    try (BufferedReader lines = output(shell)) {
      awaitLine(lines, "held");
      assertThat(Flock.tryAcquire(file, 0664)).isEmpty();
      shell.getOutputStream().close();
      shell.waitFor();
      Flock.tryAcquire(file, 0664).orElseThrow().close();
    } finally {
      shell.destroyForcibly();
    }
  }

  @Test
  void flock_childProcess_doesNotInheritIt() throws Exception {
    Path file = directory.resolve("x.lock");
    Flock lock = Flock.tryAcquire(file, 0664).orElseThrow();
    Process child = new ProcessBuilder("sh", "-c", "echo up; read x").start();
    try (BufferedReader lines = output(child)) {
      awaitLine(lines, "up");
      lock.close();
      Flock.tryAcquire(file, 0664).orElseThrow().close();
    } finally {
      child.destroyForcibly();
    }
  }

  @Test
  void flock_symbolicLink_isRefused() throws Exception {
    Path link = Files.createSymbolicLink(directory.resolve("l"), directory.resolve("target"));
    assertThatThrownBy(() -> Flock.tryAcquire(link, 0664)).isInstanceOf(IOException.class);
    assertThat(directory.resolve("target")).doesNotExist();
  }

  private static int shellTries(Path file) throws Exception {
    return new ProcessBuilder("/usr/bin/flock", "-n", file.toString(), "true").start().waitFor();
  }

  private static BufferedReader output(Process process) {
    return new BufferedReader(
        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  private static void awaitLine(BufferedReader lines, String wanted) throws IOException {
    String line = lines.readLine();
    while (line != null && !line.equals(wanted)) {
      line = lines.readLine();
    }
    assertThat(line).isEqualTo(wanted);
  }

  /** Between fork and exec a child has all its parent's descriptors. */
  @Test
  void close_whileProcessesAreStarted_freesTheLockAtOnce() throws Exception {
    Path file = directory.resolve("LOCK");
    Thread starter = Thread.ofPlatform().start(() -> startAndEndMany(150));
    int rounds = 0;
    while (starter.isAlive()) {
      Optional<Flock> lock = Flock.tryAcquire(file, 0600);
      assertThat(lock).as("round %d", rounds++).isPresent();
      lock.orElseThrow().close();
    }
    starter.join();
    assertThat(rounds).isGreaterThan(100);
  }

  private static void startAndEndMany(int count) {
    try {
      for (int i = 0; i < count; i++) {
        assertThat(new ProcessBuilder("true").start().waitFor()).isZero();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
