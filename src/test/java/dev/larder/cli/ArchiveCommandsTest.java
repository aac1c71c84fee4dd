package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.provision.Archives.BackupRequest;
import dev.larder.provision.Archives.Checked;
import dev.larder.provision.Archives.ExportReport;
import dev.larder.provision.Archives.ExportRequest;
import dev.larder.provision.Archives.ImportReport;
import dev.larder.provision.Archives.ImportRequest;
import dev.larder.provision.Archives.ImportedRepo;
import dev.larder.provision.Archives.KeptRef;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.provision.Archives.RestoreReport;
import dev.larder.provision.Archives.RestoreRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveCommandsTest {
  private static final RepoId REPO = RepoId.model("o/r");
  private static final String COMMIT = "1".repeat(40);
  private static final Path FILE = Path.of("/a/b.tar.zst");
  private final CliFixture cli = new CliFixture();

  @BeforeEach
  void answers() {
    FakeArchives archives = cli.workshop.archives;
    archives.backedUp = new BackupReport(FILE, List.of(REPO), 3, 5_000_000, 4_000_000, List.of());
    archives.restored =
        new RestoreReport(FILE, true, false, List.of(REPO), 3, 5_000_000, 0, List.of(), List.of());
    archives.imported =
        new ImportReport(
            Path.of("/x"),
            List.of(new ImportedRepo(REPO, List.of(COMMIT), 1, 10, Checked.LOCAL)),
            0,
            List.of(),
            List.of());
    archives.exported =
        new ExportReport(REPO, COMMIT, Path.of("/out"), 2, 10, List.of(), List.of());
  }

  @Test
  void backup_ofEverything_saysWhatItHolds() {
    assertThat(cli.run("backup", "/a/../a/b.tar.zst")).isZero();

    assertThat(cli.workshop.asked).containsExactly(new BackupRequest(FILE, List.of(), false));
    assertThat(cli.out()).isEqualTo("/a/b.tar.zst: 1 repo, 3 files, 5.0 MB (4.0 MB on disk).\n");
  }

  @Test
  void backup_withADamagedFile_ends4AndNamesIt() {
    cli.workshop.archives.backedUp =
        new BackupReport(
            FILE, List.of(REPO), 1, 1, 1, List.of(new LeftOut("o/r@1/x", "it is wrong", true)));

    assertThat(cli.run("backup", "--json", "--force", "b", "o/r", "datasets/o/d")).isEqualTo(4);

    assertThat(cli.err()).isEqualTo("larder: left out o/r@1/x: it is wrong.\n");
    assertThat(cli.out()).contains("\"archive_bytes\" : 1", "\"wrong\" : true");
    BackupRequest asked = (BackupRequest) cli.workshop.asked.getFirst();
    assertThat(asked.overwrite()).isTrue();
    assertThat(asked.repos()).containsExactly(REPO, RepoId.parse("datasets/o/d"));
  }

  @Test
  void backup_ofAPartOrToNoFile_isWrongUsage() {
    assertThat(cli.run("backup", "b", "o/r@main")).isEqualTo(2);
    assertThat(cli.run("backup", "-")).isEqualTo(2);
    assertThat(cli.run("backup")).isEqualTo(2);
    assertThat(cli.workshop.asked).isEmpty();
  }

  @Test
  void restore_whereNobodyCanBeAsked_needsYes(@TempDir Path folder) throws IOException {
    Path archive = Files.createFile(folder.resolve("b.tar.zst"));
    assertThat(cli.run("restore", archive.toString())).isEqualTo(2);
    assertThat(cli.err()).contains("--yes", "--dry-run");
    assertThat(cli.workshop.asked).isEmpty();

    assertThat(cli.run("restore", "--yes", "/a/b.tar.zst")).isZero();
    assertThat(cli.workshop.asked).containsExactly(new RestoreRequest(FILE, false));
    assertThat(cli.out()).isEqualTo("Restored 1 repo with 3 files, 5.0 MB; 0 B were new here.\n");
  }

  /** Nobody is asked for leave to read what is not there. */
  @Test
  void restore_ofNoFile_saysThatFirst() {
    cli.workshop.failure = FakeWorkshop.failing("archive-refused", "It does not exist.");
    assertThat(cli.run("restore", "/a/b.tar.zst")).isEqualTo(4);
    assertThat(cli.err()).contains("It does not exist.").doesNotContain("--yes");
  }

  @Test
  void restore_onlyTried_needsNoYesAndSaysWhatStays() {
    KeptRef kept = new KeptRef(REPO, Revision.MAIN, "a", "b");
    cli.workshop.archives.restored =
        new RestoreReport(FILE, false, true, List.of(REPO), 1, 1, 1, List.of(kept), List.of());

    assertThat(cli.run("restore", "--dry-run", "/a/b.tar.zst")).isZero();

    assertThat(cli.workshop.asked).containsExactly(new RestoreRequest(FILE, true));
    assertThat(cli.err()).contains("o/r@main stays at a");
    assertThat(cli.out()).startsWith("o/r\n").contains("would restore 1 repo with 1 file");
  }

  @Test
  void restore_ofARefusedArchive_ends4() {
    cli.workshop.failure = FakeWorkshop.failing("archive-refused", "Refused.");
    assertThat(cli.run("restore", "--yes", "x")).isEqualTo(4);
    cli.workshop.failure = FakeWorkshop.failing("store-full", "Full.");
    assertThat(cli.run("restore", "--yes", "x")).isEqualTo(7);
    cli.workshop.failure = FakeWorkshop.failing("already-there", "There.");
    assertThat(cli.run("backup", "x")).isEqualTo(2);
  }

  @Test
  void import_ofAFolder_saysHowFarItWasCompared() {
    assertThat(cli.run("import", "/x", "--as", "o/r@v2", "--copy")).isZero();

    assertThat(cli.workshop.asked)
        .containsExactly(
            new ImportRequest(Path.of("/x"), Optional.of(REPO), new Revision("v2"), true));
    assertThat(cli.out()).startsWith("o/r@111111111111: 1 file, 10 B, not compared with the hub");
    assertThat(cli.run("import", "/x", "--json")).isZero();
    assertThat(cli.out()).contains("\"checked\" : \"local\"", "\"checked_with_hub\" : false");
  }

  @Test
  void export_withMissingFiles_ends3() {
    assertThat(cli.run("export", "o/r@v1", "/out")).isZero();
    assertThat(cli.workshop.asked)
        .containsExactly(
            new ExportRequest(REPO, Optional.of(new Revision("v1")), Path.of("/out"), false));

    cli.workshop.archives.exported =
        new ExportReport(REPO, COMMIT, Path.of("/out"), 2, 10, List.of("a", "b"), List.of());
    assertThat(cli.run("export", "o/r", "/out")).isEqualTo(3);
    assertThat(cli.err()).contains("2 files of o/r are not in the cache: a, b", "larder pull o/r@");
  }

  @Test
  void backupAndExport_thatLeaveSomethingOut_end3AndSayWhy() {
    List<LeftOut> left = List.of(new LeftOut("'x'", "permission denied", false));
    cli.workshop.archives.backedUp = new BackupReport(FILE, List.of(REPO), 1, 1, 1, left);
    cli.workshop.archives.exported =
        new ExportReport(REPO, COMMIT, Path.of("/out"), 0, 0, List.of(), left);

    assertThat(cli.run("backup", "b")).isEqualTo(3);
    assertThat(cli.err()).contains("left out 'x': permission denied.");
    assertThat(cli.run("export", "o/r", "/out")).isEqualTo(3);
    assertThat(cli.err()).contains("left out 'x': permission denied.");
  }
}
