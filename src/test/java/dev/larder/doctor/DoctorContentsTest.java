package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.JdbiCatalog;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DoctorContentsTest extends DoctorFixture {
  private static final String COMMIT = "a".repeat(40);
  private static final String ETAG = "e".repeat(64);

  private Path catalog() throws IOException {
    Path file = larder().resolve("catalog.db");
    JdbiCatalog.open(file, InstantSource.system()).catalog().close();
    return file;
  }

  private static void overwrite(Path file, long at, byte[] bytes) throws IOException {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "rw")) {
      open.seek(at);
      open.write(bytes);
    }
  }

  @Test
  void catalog_thatIsSound_isNoFinding_andNothingIsLeftBesideIt() throws IOException {
    Path directory = catalog().getParent();
    List<Path> before = names(directory);

    assertThat(codes()).isEmpty();
    assertThat(names(directory)).isEqualTo(before);
  }

  private static List<Path> names(Path directory) throws IOException {
    try (Stream<Path> names = Files.list(directory)) {
      return names.sorted().toList();
    }
  }

  @Test
  void catalog_withAWreckedPageOrHead_isDamaged() throws IOException {
    Path file = catalog();
    overwrite(file, 4096, new byte[8192]);
    assertThat(only(Code.CATALOG_DAMAGED).mend()).isEqualTo("larder ls");

    Files.writeString(file, "no database");
    only(Code.CATALOG_DAMAGED);
  }

  @Test
  void catalog_ofANewerLarder_orOfAnotherProgram_isAnError() throws Exception {
    Path file = catalog();
    overwrite(file, 60, new byte[] {0, 0, 1, 0});
    assertThat(only(Code.CATALOG_NEWER).what()).contains("schema 256");

    Files.delete(file);
    try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file);
        Statement statement = other.createStatement()) {
      statement.execute("CREATE TABLE songs (name TEXT)");
      statement.execute("PRAGMA user_version = 3");
    }
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    only(Code.CATALOG_FOREIGN);
  }

  /** As the next start will see it: see what {@code JdbiCatalog.open} makes of the same. */
  @Test
  void catalog_changedSinceItWasClosed_isDamaged_andStaysAsItIs() throws IOException {
    Path file = catalog();
    byte[] bytes = Files.readAllBytes(file);
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    // A letter of a column's name in the statement that made it.
    bytes[text.indexOf("checked_at")] ^= 0x20;
    Files.write(file, bytes);
    List<Path> before = names(file.getParent());

    assertThat(only(Code.CATALOG_DAMAGED).what()).contains("changed since it was closed");
    assertThat(names(file.getParent())).isEqualTo(before);
  }

  @Test
  void catalog_thatLostItsMark_isDamagedAndNotForeign() throws IOException {
    overwrite(catalog(), 68, "ELSE".getBytes(StandardCharsets.US_ASCII));

    only(Code.CATALOG_DAMAGED);
  }

  @Test
  void catalog_thatIsADirectory_cannotBeRead() throws IOException {
    Files.createDirectories(larder().resolve("catalog.db"));

    only(Code.CATALOG_UNREADABLE);
  }

  @Test
  void tornRefsAndDanglingLinks_pointToVerify() throws IOException {
    Path repo = repo("models--o--r");
    Path snapshot = Files.createDirectories(repo.resolve("snapshots").resolve(COMMIT));
    Files.createSymbolicLink(snapshot.resolve("model.bin"), Path.of("../../blobs", ETAG));
    file(repo.resolve("refs/main"), COMMIT.substring(7), Duration.ZERO);

    assertThat(codes()).containsExactly(Code.TORN_REF, Code.DANGLING_LINK);
    assertThat(one(Code.DANGLING_LINK).mend()).isEqualTo("larder verify --repair");
    assertThat(one(Code.DANGLING_LINK).what()).contains("o/r", "model.bin");
  }

  @Test
  void whatDoesNotBelongThere_isANote() throws IOException {
    file(repo("models--o--r").resolve("notes.txt"), "mine", Duration.ZERO);

    assertThat(only(Code.STRAY_FILE).what()).contains("notes.txt");
    assertThat(examine().healthy()).isTrue();
  }

  @Test
  void repoThatBegins_isNoFinding_oneThatNeverDidIsANote() throws IOException {
    Path repo = repo("models--o--r");
    Files.delete(repo.resolve("snapshots"));
    assertThat(codes()).isEmpty();

    Files.setLastModifiedTime(repo, FileTime.from(NOW.minus(Duration.ofHours(1))));
    assertThat(only(Code.STRAY_FILE).what()).contains("no snapshots directory");
  }

  @Test
  void tag_thatIsMissing_isWrittenByFix() throws IOException {
    repo("models--o--r");
    Path tag = home.resolve("hub/CACHEDIR.TAG");
    Files.delete(tag);
    only(Code.TAG_MISSING);

    examine(true);

    assertThat(tag).content().startsWith("Signature: 8a477f597d28d172789f06886806bc55\n");
    assertThat(codes()).isEmpty();
  }

  @Test
  void sharedBlobs_areANote() throws IOException {
    repo("models--o--r");
    file(home.resolve("hub/blobs/.huggingface-shared-blobs"), "1\n", Duration.ZERO);

    assertThat(only(Code.SHARED_BLOBS).mend()).isEqualTo("export HF_HUB_DISABLE_SHARED_BLOBS=1");
  }

  @Test
  void filesServedInPlace_areTold_withTheReason() throws IOException {
    Path note = Files.createDirectories(larder().resolve("borrowed")).resolve(ETAG);
    Files.writeString(note, "1 2 3 4 5\nit belongs to another user\n/data/model.bin\n");

    assertThat(only(Code.SERVED_IN_PLACE).what())
        .contains("it belongs to another user", "/data/model.bin");
  }

  @Test
  void larderThatIsOpen_isClosedByFix() throws IOException {
    Path larder = larder();
    mode(larder, "rwxr-xr-x");
    assertThat(only(Code.LARDER_OPEN).mend()).isEqualTo("chmod 700 " + larder);

    Report report = examine(true);

    assertThat(report.healthy()).isTrue();
    assertThat(report.findings().getFirst().fixed()).isTrue();
    assertThat(modeOf(larder)).isEqualTo("rwx------");
    mode(larder, "rwxr-x---");
    assertThat(only(Code.LARDER_OPEN_TO_GROUP).fixable()).isFalse();
  }

  @Test
  void secretsThatAreOpen_areClosedByFix_butNotFilesOfOthers() throws IOException {
    Path key = file(larder().resolve("access.key"), "k", Duration.ZERO);
    mode(key, "rw-r--r--");
    Path token = file(scratch.resolve("user/.cache/huggingface/token"), "hf_t", Duration.ZERO);
    mode(token, "rw-r-----");
    environment.put("HF_TOKEN", "hf_t");
    Path settings = file(directory.resolve(".env"), "export HF_TOKEN=hf_t\n", Duration.ZERO);
    mode(settings, "rw-r--r--");
    assertThat(codes()).containsOnly(Code.SECRET_OPEN).hasSize(3);

    examine(true);

    assertThat(modeOf(key)).isEqualTo("rw-------");
    assertThat(modeOf(token)).isEqualTo("rw-------");
    assertThat(modeOf(settings)).isEqualTo("rw-r--r--");
    assertThat(only(Code.SECRET_OPEN).mend()).isEqualTo("chmod 600 " + settings);
  }

  @Test
  void cacheThatEverybodyCanWrite_andAnOpenUmask_areTold() throws IOException {
    mode(home, "rwxrwxrwx");
    status(uid(home), "0000");

    assertThat(codes()).containsExactlyInAnyOrder(Code.WORLD_WRITABLE, Code.UMASK_OPEN);
  }

  @Test
  void blobThatCanBeWritten_isTold_andItsMendSealsFilesAlone() throws Exception {
    Path blob = file(larder().resolve("store/sha256/ee").resolve(ETAG), "bytes", Duration.ZERO);
    mode(blob, "rw-r--r--");

    new ProcessBuilder("bash", "-c", only(Code.BLOB_WRITABLE).mend()).start().waitFor();

    assertThat(modeOf(blob)).isEqualTo("r--r--r--");
    assertThat(modeOf(blob.getParent())).contains("w");
    assertThat(codes()).isEmpty();
  }

  @Test
  void repoThatEverybodyCanWrite_isTold_andItsMendClosesIt() throws Exception {
    Path repo = repo("models--o--r");
    Path blob = file(repo.resolve("blobs").resolve(ETAG), "bytes", Duration.ZERO);
    mode(repo, "rwxrwxrwx");
    mode(blob, "rw-rw-rw-");

    Finding finding = only(Code.WORLD_WRITABLE);

    assertThat(finding.what()).contains(repo.toString(), blob.toString());
    new ProcessBuilder("bash", "-c", finding.mend()).inheritIO().start().waitFor();
    assertThat(modeOf(blob)).isEqualTo("rw-rw-r--");
    assertThat(codes()).isEmpty();
  }

  @Test
  void blobThatNobodyMayRead_isTold_inTheStoreAndInTheTree() throws Exception {
    Path own = file(larder().resolve("store/sha256/ee").resolve(ETAG), "bytes", Duration.ZERO);
    mode(own, "---------");
    String mend = only(Code.BLOB_UNREADABLE).mend();
    new ProcessBuilder("bash", "-c", mend).inheritIO().start().waitFor();
    assertThat(modeOf(own)).isEqualTo("r--r--r--");

    Path theirs = repo("models--o--r").resolve("blobs").resolve(ETAG);
    mode(file(theirs, "bytes", Duration.ZERO), "---------");
    mend = only(Code.TREE_UNREADABLE).mend();
    new ProcessBuilder("bash", "-c", mend).inheritIO().start().waitFor();
    assertThat(codes()).isEmpty();
  }

  @Test
  void whatLiesBesideRepos_isANote_unlessPythonPutItThere() throws IOException {
    repo("models--o--r");
    Path hub = home.resolve("hub");
    file(hub.resolve("version.txt"), "1", Duration.ZERO);
    Files.createDirectories(hub.resolve(".locks/models--o--r"));
    assertThat(codes()).isEmpty();

    file(hub.resolve("stray.txt"), "mine", Duration.ZERO);

    assertThat(only(Code.STRAY_FILE).what()).contains("stray.txt");
    assertThat(examine().healthy()).isTrue();
  }

  @Test
  void filesOfAnotherUser_areTold_andSoIsRootInACacheOfSomebody() throws IOException {
    larder();
    repo("models--o--r");
    status(uid(home) + 1, "0022");
    assertThat(codes()).containsExactly(Code.FOREIGN_OWNER, Code.FOREIGN_REPOS);
    assertThat(one(Code.FOREIGN_OWNER).mend())
        .isEqualTo("sudo chown -R %d %s".formatted(uid(home) + 1, home.resolve("larder")));
  }
}
