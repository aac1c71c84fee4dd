package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import dev.larder.store.JournalReading.Journalled;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  private static final Map<String, String> LABEL = Map.of("repo", "a/b c\n%\u00e9", "empty", "");

  @TempDir Path directory;
  private final LocalDisk disk = new LocalDisk();

  private Path written() throws IOException {
    Path path = directory.resolve("x.journal");
    Files.deleteIfExists(path);
    Attempt attempt =
        new Attempt(directory.resolve("x.part"), path, Bytes.digest(new byte[0]), 1000, LABEL);
    try (Journal journal = new Journal(disk.create(path), 0, 0)) {
      journal.header(attempt, "boot-1");
      journal.landed(List.of(new ByteRange(0, 100), new ByteRange(300, 400)), Map.of());
      journal.synced(journal.landedRecords());
      journal.landed(List.of(new ByteRange(100, 200)), Map.of("etag", "\"1\""));
    }
    return path;
  }

  private Optional<Journalled> read(Path path, String boot) throws IOException {
    return JournalReading.read(disk, path, boot);
  }

  @Test
  void read_sameKernel_trustsEveryRecord() throws Exception {
    Journalled told = read(written(), "boot-1").orElseThrow();
    assertThat(told.expected()).isEqualTo(Bytes.digest(new byte[0]));
    assertThat(told.sizeBytes()).isEqualTo(1000);
    assertThat(told.label()).containsAllEntriesOf(LABEL).containsEntry("etag", "\"1\"");
    assertThat(told.landed().ranges())
        .containsExactly(new ByteRange(0, 200), new ByteRange(300, 400));
    assertThat(told.landedRecords()).isEqualTo(3);
    assertThat(told.sameBoot()).isTrue();
  }

  @Test
  void read_afterReboot_trustsWhatWasSynced() throws Exception {
    Path path = written();
    Journalled told = read(path, "boot-2").orElseThrow();
    assertThat(told.landed().ranges())
        .containsExactly(new ByteRange(0, 100), new ByteRange(300, 400));
    assertThat(told.sameBoot()).isFalse();

    try (Journal journal = new Journal(disk.reopen(path), told.soundBytes(), 2)) {
      journal.boot("boot-2");
      journal.landed(List.of(new ByteRange(500, 600)), Map.of());
    }
    assertThat(read(path, "boot-2").orElseThrow().landed().ranges())
        .containsExactly(new ByteRange(0, 100), new ByteRange(300, 400), new ByteRange(500, 600));
    assertThat(read(path, "boot-3").orElseThrow().landed().ranges())
        .containsExactly(new ByteRange(0, 100), new ByteRange(300, 400));
  }

  @Test
  void read_cutAtEveryByte_neverFailsAndNeverTrustsMore() throws Exception {
    Path path = written();
    byte[] all = Files.readAllBytes(path);
    long before = 0;
    for (int length = 0; length <= all.length; length++) {
      Files.write(path, Arrays.copyOf(all, length));
      long landed = read(path, "boot-1").map(told -> told.landed().totalBytes()).orElse(0L);
      assertThat(landed).isBetween(before, 300L);
      before = landed;
    }
    assertThat(before).isEqualTo(300);
  }

  @Test
  void read_damagedAnywhere_neverInventsARange() throws Exception {
    long seed = 7;
    Random random = new Random(seed);
    Path path = written();
    byte[] all = Files.readAllBytes(path);
    for (int i = 0; i < 2000; i++) {
      byte[] damaged = all.clone();
      int at = random.nextInt(damaged.length);
      int end = Math.min(damaged.length, at + 1 + random.nextInt(40));
      for (int b = at; b < end; b++) {
        damaged[b] = (byte) (i % 2 == 0 ? 0 : random.nextInt());
      }
      Files.write(path, damaged);
      read(path, "boot-1")
          .ifPresent(
              told ->
                  told.landed()
                      .ranges()
                      .forEach(
                          range ->
                              assertThat(
                                      range.end() <= 200
                                          || (range.start() >= 300 && range.end() <= 400))
                                  .as("seed " + seed + ": " + range)
                                  .isTrue()));
    }
  }

  @Test
  void read_missingOrForeign_isEmpty() throws Exception {
    assertThat(read(directory.resolve("none"), "boot-1")).isEmpty();
    Path foreign = directory.resolve("foreign");
    Files.writeString(foreign, JournalLine.of("larder-part", "2") + JournalLine.of("size", "1"));
    assertThat(read(foreign, "boot-1")).isEmpty();
  }
}
