package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.cli.Larder;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.doctor.Code;
import dev.larder.doctor.Finding;
import dev.larder.settings.SettingSources;
import dev.larder.testing.Bytes;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.VerifyTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** On a disk without a byte what is cached can still be removed. */
@Timeout(60)
@EnabledOnOs(OS.LINUX)
final class FullDiskRemovalTest extends SiteFixture {
  private static final int SIZE = 3 << 20;
  private static final String BLOB = "a".repeat(64);

  @TempDir Path second;

  private Path ballast() {
    return root.resolve("larder/ballast");
  }

  @Test
  void cacheOfPython_thatOnlyLsHasSeen_canBeRemovedFrom() throws Exception {
    try (Mounted _ = Mounted.tmpfs(root, 120 << 20)) {
      writeAsPython();
      list();
      assertThat(ballast()).exists();
      fill();

      list();
      assertThat(ballast()).as("ls needs none").exists();
      assertThat(remove("p/y").gone()).extracting(Going::subject).containsExactly("p/y");

      assertThat(root.resolve("hub/models--p--y")).doesNotExist();
      assertThat(ballast()).as("taken aboard for the next time").exists();
    }
  }

  @Test
  void whatIsPinned_isPlannedOnAFullDiskAsLittleAsOnAnother() throws Exception {
    try (Mounted _ = Mounted.tmpfs(root, 120 << 20)) {
      writeAsPython();
      try (Larder larder = new HouseWorkshop(clock).look(settings(), _ -> {})) {
        RepoId repo = RepoId.model("p/y");
        Budget.Wish wish =
            new Budget.Wish(repo, Optional.empty(), "ops", Optional.empty(), "for the demo");
        assertThat(larder.budget().pin(wish).owner()).isEqualTo("ops");
      }
      fill();

      try (Larder larder = new HouseWorkshop(clock).look(settings(), _ -> {})) {
        assertThat(larder).isInstanceOf(ReadingLarder.class);
        RemovalPlan plan = larder.removals().plan(List.of(VerifyTarget.parse("p/y")));
        assertThat(plan.going()).isEmpty();
        assertThat(plan.staying()).singleElement().asString().contains("pinned by ops");
      }
    }
  }

  @Test
  void secondLocationThatIsFull_isListedAndEmptied() throws Exception {
    String[] both = {"SECONDARY_CACHE", second.toString()};
    try (Mounted _ = Mounted.tmpfs(second, 120 << 20)) {
      Path blob = writeAsPython(second);
      list(both);
      fill(second);

      list(both);
      Path ballast = second.resolve("larder/ballast");
      Files.move(ballast, root.resolve("ballast-away")); // As if none had been there.
      fill(second);
      list(both);
      LarderException refused =
          catchThrowableOfType(LarderException.class, () -> remove("p/y", both));
      assertThat(refused.code()).isEqualTo("store-full");
      assertThat(refused.explanation()).contains("delete a file by hand", blob.toString());

      Files.delete(blob);
      assertThat(remove("p/y", both).gone()).extracting(Going::subject).containsExactly("p/y");
      assertThat(second.resolve("hub/models--p--y")).doesNotExist();
    }
  }

  @Test
  void secondLocationThatIsFull_givesItsBallastUpForARemoval() throws Exception {
    String[] both = {"SECONDARY_CACHE", second.toString()};
    try (Mounted _ = Mounted.tmpfs(second, 120 << 20)) {
      Path _ = writeAsPython(second);
      list(both);
      fill(second);

      assertThat(remove("p/y", both).gone()).extracting(Going::subject).containsExactly("p/y");
    }
  }

  @Test
  void noBallast_rmAndDoctorNameAFile_andWithoutItTheRemovalWorks() throws Exception {
    try (Mounted _ = Mounted.tmpfs(root, 120 << 20)) {
      Path blob = writeAsPython();
      list();
      Files.delete(ballast());
      fill();

      LarderException refused = catchThrowableOfType(LarderException.class, () -> remove("p/y"));
      assertThat(refused.code()).isEqualTo("store-full");
      assertThat(refused.explanation()).contains("delete a file by hand", blob.toString());
      assertThat(mendOfFullDisk()).startsWith("rm -f " + blob + " && larder prune");

      Files.delete(blob);
      assertThat(remove("p/y").gone()).extracting(Going::subject).containsExactly("p/y");
    }
  }

  @Test
  void noBallast_cacheOfLarderAlone_bothNamesOfABlobAreTold() throws Exception {
    try (Mounted _ = Mounted.tmpfs(root, 120 << 20)) {
      offer();
      start();
      fetch();
      stop();
      Files.deleteIfExists(ballast());
      fill();

      String[] words = mendOfFullDisk().split(" ", -1);
      assertThat(words[2]).startsWith(root.resolve("hub").toString());
      assertThat(words[3]).startsWith(root.resolve("larder/store").toString());

      Files.delete(Path.of(words[2]));
      Files.delete(Path.of(words[3]));
      assertThat(remove("o/r").gone()).extracting(Going::subject).containsExactly("o/r");
    }
  }

  @Test
  void runningServer_givesItsBallastUp() throws Exception {
    try (Mounted _ = Mounted.tmpfs(root, 120 << 20);
        AutoCloseable _ = this::stop) {
      offer();
      start();
      fetch();
      while (Files.notExists(ballast()) || Files.size(ballast()) < (120 << 20) / 100) {
        Thread.onSpinWait();
      }
      fill();

      assertThat(remove("o/r").gone()).extracting(Going::subject).containsExactly("o/r");
      assertThat(root.resolve("hub").resolve(FOLDER)).doesNotExist();
    }
  }

  private void offer() {
    repo.lfs("model.bin", Bytes.of(5, SIZE));
    repo.commit("main");
  }

  private void fetch() {
    assertThat(get(MODEL).status()).isEqualTo(200);
    while (Files.notExists(root.resolve("hub").resolve(FOLDER).resolve("refs/main"))) {
      Thread.onSpinWait();
    }
  }

  /** As {@code huggingface_hub} does; answers where its blob lies. */
  private Path writeAsPython() throws IOException {
    return writeAsPython(root);
  }

  private static Path writeAsPython(Path home) throws IOException {
    Path folder = home.resolve("hub/models--p--y");
    String commit = "c".repeat(40);
    Path snapshot = Files.createDirectories(folder.resolve("snapshots").resolve(commit));
    Path blobs = Files.createDirectories(folder.resolve("blobs"));
    Path blob = Files.write(blobs.resolve(BLOB), Bytes.of(6, SIZE));
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("../../blobs/" + BLOB));
    Files.writeString(Files.createDirectories(folder.resolve("refs")).resolve("main"), commit);
    return blob;
  }

  private void list(String... more) {
    try (Larder larder = new HouseWorkshop(clock).look(settings(more), _ -> {})) {
      assertThat(larder.list()).hasSize(1);
    }
  }

  private RemovalReport remove(String target, String... more) {
    try (Larder larder = new HouseWorkshop(clock).openToRemove(settings(more), _ -> {})) {
      var removals = larder.removals();
      return removals.apply(removals.plan(List.of(VerifyTarget.parse(target))));
    }
  }

  private String mendOfFullDisk() {
    Map<String, String> environment =
        Map.of("LARDER_HOME", root.toString(), "LARDER_MIN_FREE", "1MB");
    SettingSources sources = new SettingSources(Map.of(), environment, root, root);
    return new HouseWorkshop(clock)
        .examine(sources, true, false).findings().stream()
            .filter(finding -> finding.code() == Code.DISK_FULL)
            .map(Finding::mend)
            .findFirst()
            .orElseThrow();
  }

  private void fill() throws IOException {
    fill(root);
  }

  private static void fill(Path home) throws IOException {
    byte[] block = new byte[4096];
    try (var out =
        Files.newOutputStream(
            home.resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
      for (boolean room = true; room; ) {
        try {
          out.write(block);
        } catch (IOException full) {
          room = false;
        }
      }
    }
  }
}
