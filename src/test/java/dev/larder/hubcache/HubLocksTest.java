package dev.larder.hubcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.larder.content.Digest;
import dev.larder.hubcache.HubTree.HubLock;
import dev.larder.store.LocalDisk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class HubLocksTest extends HubTreeFixture {
  private static final Digest DIGEST = new Digest("e".repeat(64));

  private Path lockFile() {
    return hub.resolve(".locks/models--o--ok/" + DIGEST.hex() + ".lock");
  }

  @Test
  void lock_free_isHeldInAFileThatStays() throws IOException {
    try (HubLock lock = tree.lock(REPO, DIGEST)) {
      assertThat(lock.held()).isTrue();
    }

    assertThat(lockFile()).isEmptyFile();
    assertThat(Files.getPosixFilePermissions(lockFile()))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw-r--"));
    try (HubLock again = tree.lock(REPO, DIGEST)) {
      assertThat(again.held()).isTrue();
    }
  }

  @Test
  void lock_heldByAnother_isGivenUpInTime() {
    try (HubLock first = tree.lock(REPO, DIGEST);
        HubLock second = tree.lock(REPO, DIGEST);
        HubLock other = tree.lock(REPO, new Digest("d".repeat(64)))) {
      assertThat(first.held()).isTrue();
      assertThat(second.held()).isFalse();
      assertThat(other.held()).isTrue();
    }
  }

  @Test
  void lock_givenBackWhileAnotherWaits_goesToIt() throws Exception {
    HubTree patient = LocalHubTree.open(hub, new LocalDisk(), store, Duration.ofSeconds(30));
    HubLock first = patient.lock(REPO, DIGEST);
    CountDownLatch waiting = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var second =
          threads.submit(
              () -> {
                waiting.countDown();
                return patient.lock(REPO, DIGEST);
              });
      waiting.await();
      first.close();
      try (HubLock lock = second.get()) {
        assertThat(lock.held()).isTrue();
      }
    }
  }

  /** util-linux's {@code flock} takes the lock that Python's {@code filelock} takes. */
  @Test
  void lock_held_excludesFlockOfOtherPrograms() throws Exception {
    assumeThat(Path.of("/usr/bin/flock")).isExecutable();
    try (HubLock lock = tree.lock(REPO, DIGEST)) {
      assertThat(lock.held()).isTrue();
      assertThat(flock()).isEqualTo(1);
    }
    assertThat(flock()).isZero();
  }

  private int flock() throws Exception {
    return new ProcessBuilder("/usr/bin/flock", "-n", lockFile().toString(), "true")
        .inheritIO()
        .start()
        .waitFor();
  }

  @Test
  void lock_whereItCannotBeMade_isNotHeld() throws IOException {
    Path outside = Files.createDirectories(directory.resolve("outside"));
    link(hub.resolve(".locks"), outside.toString());

    try (HubLock lock = tree.lock(REPO, DIGEST)) {
      assertThat(lock.held()).isFalse();
    }
    assertThat(outside).isEmptyDirectory();
  }
}
