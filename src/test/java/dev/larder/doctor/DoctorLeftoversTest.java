package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.store.Flock;
import dev.larder.store.StoreLock;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class DoctorLeftoversTest extends DoctorFixture {
  private static final String ETAG = "e".repeat(64);
  private static final Duration OLD = Duration.ofDays(2);
  private static final Duration YOUNG = Duration.ofHours(2);

  private Path partial(String name, Duration age) throws IOException {
    return file(repo("models--o--r").resolve("blobs").resolve(name), "part", age);
  }

  private Path lock(String text, Duration age) throws IOException {
    repo("models--o--r");
    return file(home.resolve("hub/.locks/models--o--r").resolve(ETAG + ".lock"), text, age);
  }

  @Test
  void downloadThatEnded_isRemovedByFixWhenItIsADayOld() throws IOException {
    Path old = partial(ETAG + ".12345678.incomplete", OLD);
    Path young = partial("f".repeat(40) + ".incomplete", YOUNG);
    Path running = partial("d".repeat(40) + ".incomplete", Duration.ofMinutes(1));
    Path blob = partial(ETAG, OLD);
    assertThat(codes()).containsExactly(Code.INCOMPLETE_STALE, Code.INCOMPLETE_STALE);
    assertThat(old).exists();

    Report fixed = examine(true);

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(running).exists();
    assertThat(blob).exists();
    assertThat(fixed.healthy()).isFalse();
    assertThat(only(Code.INCOMPLETE_STALE).mend()).isEqualTo("rm " + young);
  }

  @Test
  void downloadWhoseLockIsHeld_isLeftAlone() throws IOException {
    Path old = partial(ETAG + ".12345678.incomplete", OLD);
    Path lock = lock("", OLD);

    try (Flock _ = Flock.tryAcquire(lock, 0644).orElseThrow()) {
      assertThat(examine(true).findings()).isEmpty();
    }
    assertThat(old).exists();
    assertThat(examine(true).healthy()).isTrue();
    assertThat(old).doesNotExist();
  }

  @Test
  void downloadThatGrewMeanwhile_isNotRemoved() throws IOException {
    Path old = partial(ETAG + ".12345678.incomplete", OLD);
    Finding finding = only(Code.INCOMPLETE_STALE);
    file(old, "more", Duration.ZERO);

    assertThat(finding.remedy().orElseThrow().apply()).isEqualTo("removed 0 files (0 B), kept 1");
    assertThat(old).exists();
  }

  @Test
  void softLock_ofAProcessThatEnded_isRemoved() throws IOException {
    String host = InetAddress.getLocalHost().getHostName();
    Path lock = lock("4711\n" + host + "\n12\n", YOUNG);
    assertThat(only(Code.SOFT_LOCK_STALE).mend()).isEqualTo("larder doctor --fix");

    assertThat(examine(true).healthy()).isTrue();

    assertThat(lock).doesNotExist();
  }

  @Test
  void softLock_thatMayHaveAnOwner_isNoFinding() throws IOException {
    String host = InetAddress.getLocalHost().getHostName();
    lock("4711\n" + host + "\n", Duration.ofMinutes(5));
    assertThat(codes()).as("younger than ten minutes").isEmpty();
    lock("4711\n" + host + "\n", YOUNG);
    Files.createDirectories(root.resolve("proc/4711"));
    assertThat(codes()).as("of a process that runs").isEmpty();
    lock("4711\nelsewhere\n", YOUNG);
    partial(ETAG + ".12345678.incomplete", Duration.ofMinutes(1));
    assertThat(codes()).as("of another machine, with a download that grows").isEmpty();
    lock("", OLD);
    assertThat(codes()).as("an ordinary lock file").isEmpty();
    lock("9999999999999999999\n" + host + "\n", YOUNG);
    assertThat(codes()).as("a number that no process has").isEmpty();
  }

  @Test
  void transfersThatEnded_areRemovedWhenNobodyHoldsTheStore() throws IOException {
    Path tmp = larder().resolve("tmp");
    Path old = file(tmp.resolve("a".repeat(32) + ".part"), "part", OLD);
    Path young = file(tmp.resolve("b".repeat(32) + ".part"), "part", YOUNG);
    Path other = file(tmp.resolve("notes.txt"), "mine", OLD);
    only(Code.ATTEMPT_STALE);

    Files.createDirectories(root.resolve("proc/" + ProcessHandle.current().pid()));
    try (StoreLock _ = held()) {
      assertThat(codes()).isEmpty();
    }
    assertThat(examine(true).healthy()).isTrue();

    assertThat(old).doesNotExist();
    assertThat(young).exists();
    assertThat(other).exists();
  }

  private StoreLock held() {
    return StoreLock.attempt(home.resolve("larder")) instanceof StoreLock.Attempt.Mine(var lock)
        ? lock
        : failed();
  }

  private static StoreLock failed() {
    throw new AssertionError("somebody holds the store of a test");
  }

  @Test
  void storeThatIsHeldMeanwhile_isLeftAlone() throws IOException {
    Path old = file(larder().resolve("tmp").resolve("a".repeat(32) + ".part"), "part", OLD);
    Finding finding = only(Code.ATTEMPT_STALE);

    try (StoreLock _ = held()) {
      assertThat(finding.remedy()).isPresent();
      org.assertj.core.api.Assertions.assertThatThrownBy(
              () -> finding.remedy().orElseThrow().apply())
          .hasMessage("somebody works on the store now");
    }
    assertThat(old).exists();
  }

  @Test
  void lockThatNobodyHolds_isNoFinding_oneWithoutItsOwnerIs() throws IOException {
    held().close();
    assertThat(codes()).isEmpty();

    try (StoreLock _ = held()) {
      long pid = ProcessHandle.current().pid();
      assertThat(only(Code.LOCK_WITHOUT_OWNER).what()).contains("process " + pid);
      Files.createDirectories(root.resolve("proc/" + pid));
      assertThat(codes()).isEmpty();
    }
  }

  @Test
  void serverThatDoesNotAnswer_isAnError_whoseNumberMayBeSomebodyElses() throws IOException {
    try (StoreLock lock = held()) {
      lock.announce("http://127.0.0.1:9", "secret");
      for (String running : List.of("proc/1", "proc/" + ProcessHandle.current().pid())) {
        Files.createDirectories(root.resolve(running));

        // In a container the server is process 1, and process 1 here is something else.
        assertThat(only(Code.SERVER_SILENT).mend())
            .isEqualTo("fuser -v " + home.resolve("larder/LOCK"));
      }
    }
  }

  @Test
  void lockThatCannotBeRead_isAnError() throws IOException {
    Files.createDirectories(larder().resolve("LOCK"));
    Files.createSymbolicLink(home.resolve("LOCK"), home);
    Files.delete(home.resolve("larder/LOCK"));
    Files.createSymbolicLink(home.resolve("larder/LOCK"), scratch.resolve("nowhere"));

    assertThat(codes()).contains(Code.LOCK_FOREIGN);
  }

  @Test
  void quarantineAndOldCatalogs_areNotes() throws IOException {
    Path larder = larder();
    file(larder.resolve("quarantine/" + ETAG + ".1.mismatch"), "bad", OLD);
    file(larder.resolve("catalog.db.damaged-1"), "bad", OLD);

    assertThat(codes()).containsExactly(Code.QUARANTINE_HOLDS, Code.CATALOG_SET_ASIDE);
    assertThat(examine().healthy()).isTrue();
  }

  @Test
  void oldLayout_isFoundWhereTransformersKeptIt_andItsMendRemovesNothingElse() throws Exception {
    Path folder = home.resolve("transformers");
    Path file = file(folder.resolve(ETAG + "." + "d".repeat(64)), "weights", OLD);
    Path sidecar =
        file(folder.resolve(file.getFileName() + ".json"), "{\"url\": \"https://x\"}", OLD);
    Path lock = file(folder.resolve(file.getFileName() + ".lock"), "", OLD);
    Path other = file(folder.resolve("notes.txt"), "mine", OLD);

    Finding finding = only(Code.OLD_LAYOUT);

    new ProcessBuilder("bash", "-c", finding.mend()).inheritIO().start().waitFor();
    assertThat(file).doesNotExist();
    assertThat(sidecar).doesNotExist();
    assertThat(lock).doesNotExist();
    assertThat(other).exists();
    assertThat(codes()).isEmpty();
  }
}
