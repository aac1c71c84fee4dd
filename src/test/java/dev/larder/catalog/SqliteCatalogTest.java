package dev.larder.catalog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.catalog.JdbiCatalog.Opened;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Revision;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class SqliteCatalogTest extends CatalogContract {
  private static final InstantSource CLOCK = InstantSource.fixed(NOON);

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("catalog.db");
  }

  private Opened openFile() {
    return JdbiCatalog.open(file(), CLOCK);
  }

  @Override
  Catalog open() {
    return openFile().catalog();
  }

  @Test
  void open_again_findsWhatWasWritten() {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.noteFilled();
    catalog.close();

    Opened again = openFile();
    try (Catalog reopened = again.catalog()) {
      assertThat(again.empty()).isFalse();
      assertThat(again.setAside()).isEmpty();
      assertThat(reopened.refs(MODEL)).hasSize(1);
    }
    assertThat(Path.of(file() + "-wal")).doesNotExist();
  }

  /** Whoever was to tell it of the files was killed, or only moved the location elsewhere. */
  @Test
  void open_notFilledToTheEnd_saysThatItIsEmptyUntilItIs() {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.close();
    for (int i = 0; i < 2; i++) {
      Opened again = openFile();
      again.catalog().close();
      assertThat(again.empty()).isTrue();
    }

    catalog = open();
    catalog.noteFilled();
    catalog.close();

    Opened last = openFile();
    last.catalog().close();
    assertThat(last.empty()).isFalse();
  }

  @Test
  void open_lostFile_saysThatItIsEmpty() throws IOException {
    catalog.close();
    Files.delete(file());

    Opened again = openFile();
    again.catalog().close();

    assertThat(again.empty()).isTrue();
    assertThat(again.setAside()).isEmpty();
  }

  @Test
  void file_created_isPrivate() throws IOException {
    catalog.putBlob(new BlobRow(ONE, new Fingerprint(1, 2, 3, 4), false));

    for (String name : List.of("catalog.db", "catalog.db-wal", "catalog.db-shm")) {
      assertThat(Files.getPosixFilePermissions(directory.resolve(name)))
          .as(name)
          .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }
  }

  @Test
  void open_textFile_isSetAsideAndReplaced() throws IOException {
    catalog.close();
    Files.writeString(file(), "this is not a database, and longer than a header ".repeat(50));

    assertSetAside(openFile());
  }

  @Test
  void open_truncatedFile_isSetAsideAndReplaced() throws IOException {
    fill();
    catalog.close();
    try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
      raw.setLength(raw.length() / 2);
    }

    assertSetAside(openFile());
  }

  @Test
  void open_overwrittenPages_isSetAsideAndReplaced() throws IOException {
    fill();
    catalog.close();
    try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
      byte[] noise = new byte[(int) raw.length() - 4096];
      new Random(7).nextBytes(noise);
      raw.seek(4096);
      raw.write(noise);
    }

    assertSetAside(openFile());
  }

  @Test
  void open_damagedWithLog_setsTheLogAsideToo() throws IOException {
    catalog.close();
    Files.writeString(file(), "this is not a database, and longer than a header ".repeat(50));
    Files.writeString(Path.of(file() + "-wal"), "nor is this a log");

    Opened again = openFile();
    assertThat(Path.of(again.setAside().orElseThrow() + "-wal")).hasContent("nor is this a log");
    assertSetAside(again);
  }

  @Test
  void open_databaseOfAnotherProgram_isRefusedAndUntouched() throws Exception {
    catalog.close();
    Files.delete(file());
    run("CREATE TABLE theirs (x)");

    assertThatThrownBy(this::openFile)
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("another program");
    run("SELECT * FROM theirs");
  }

  @Test
  void open_newerSchema_isRefusedAndUntouched() throws Exception {
    catalog.close();
    run("PRAGMA user_version = 99");

    assertThatThrownBy(this::openFile)
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("newer Larder");
    run("PRAGMA user_version = " + Schema.VERSION);
    JdbiCatalog.open(file(), CLOCK).catalog().close();
  }

  @Test
  void open_firstSchema_isBroughtToThisOneWithWhatItHeld() throws Exception {
    catalog.close();
    Files.delete(file());
    Flyway.configure()
        .dataSource("jdbc:sqlite:" + file(), null, null)
        .locations("classpath:db/migration")
        .target("1")
        .load()
        .migrate();
    run("PRAGMA application_id = " + SqliteFile.APPLICATION_ID);
    run("PRAGMA user_version = 1");
    run("INSERT INTO repo VALUES ('models--org--name', 'public', 0, 'org/name')");
    Files.delete(seal());

    try (Catalog brought = openFile().catalog()) {
      assertThat(brought.repo(MODEL)).isPresent();
      assertThat(brought.access().accounts()).isEmpty();
    }
  }

  @Test
  void open_afterCrashInTheMiddleOfTheFirstStart_goesOn() throws Exception {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.close();
    run("PRAGMA user_version = 0");
    Files.delete(seal()); // A crash leaves none.

    try (Catalog again = openFile().catalog()) {
      assertThat(again.refs(MODEL)).hasSize(1);
    }
  }

  @Test
  void open_oddDirectoryName_isTakenAsItIs() throws IOException {
    Path odd = Files.createDirectory(directory.resolve("a?mode=memory&b %41#c"));

    try (Catalog there = JdbiCatalog.open(odd.resolve("catalog.db"), CLOCK).catalog()) {
      there.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    }

    assertThat(odd.resolve("catalog.db")).isNotEmptyFile();
  }

  @Test
  void openToRead_besideAWriter_knowsWhatStandsInTheLogAndWritesNothing() throws IOException {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    byte[] before = Files.readAllBytes(file());

    try (Catalog copy = JdbiCatalog.openToRead(file(), CLOCK)) {
      assertThat(copy.refs(MODEL)).hasSize(1);
      copy.forgetRef(MODEL, Revision.MAIN);
      assertThat(copy.refs(MODEL)).isEmpty();
    }
    assertThat(catalog.refs(MODEL)).hasSize(1);
    assertThat(file()).hasBinaryContent(before);
  }

  @Test
  void openToRead_afterACleanStop_leavesTheDirectoryAsItIs() throws IOException {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.close();

    try (Catalog copy = JdbiCatalog.openToRead(file(), CLOCK)) {
      assertThat(copy.refs(MODEL)).hasSize(1);
    }
    try (var names = Files.list(directory)) {
      assertThat(names).containsExactlyInAnyOrder(file(), seal());
    }
  }

  @Test
  void openToRead_nothingThere_isEmptyAndMakesNothing() throws IOException {
    catalog.close();
    Files.delete(file());
    Files.delete(seal());

    try (Catalog copy = JdbiCatalog.openToRead(file(), CLOCK)) {
      assertThat(copy.repos()).isEmpty();
    }
    assertThat(directory).isEmptyDirectory();
  }

  @Test
  void openToRead_damaged_saysSoAndSetsNothingAside() throws IOException {
    catalog.close();
    Files.writeString(file(), "this is not a database, and longer than a header ".repeat(50));

    assertThatThrownBy(() -> JdbiCatalog.openToRead(file(), CLOCK))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("Tried to read the catalog " + file());
    assertThat(file()).exists();
  }

  @Test
  void open_directoryMissing_saysWhat() {
    assertThatThrownBy(() -> JdbiCatalog.open(directory.resolve("none/catalog.db"), CLOCK))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("none/catalog.db but its directory is missing");
  }

  /** A catalog on a full disk says so, and goes on once there is room. */
  @Test
  void write_withoutRoom_isRefusedAndTheRestIsKept() throws Exception {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.close();
    SqliteFile sqlite = SqliteFile.at(file());
    Connection writer = sqlite.writer();
    SqliteFile.execute(writer, "PRAGMA max_page_count = 1");
    catalog =
        new JdbiCatalog(new Lent(sqlite.readers(1)), new Lent(List.of(writer)), file().toString());

    assertThatThrownBy(this::fill)
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("free some space");
    assertThat(catalog.refs(MODEL)).hasSize(1);
    assertThat(catalog.lastUses()).isEmpty();
    SqliteFile.execute(writer, "PRAGMA max_page_count = 100000");
    fill();
    assertThat(catalog.lastUses().get(MODEL)).containsValue(NOON);
  }

  @Test
  void use_afterClose_isRefused() {
    catalog.close();

    assertThatThrownBy(() -> catalog.blobs())
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void schemaVersion_isTheHighestMigration() throws Exception {
    Path migrations = Path.of("src/main/resources/db/migration");
    try (var files = Files.list(migrations)) {
      int highest =
          files
              .map(p -> p.getFileName().toString())
              .mapToInt(n -> Integer.parseInt(n.substring(1, n.indexOf("__"))))
              .max()
              .orElseThrow();
      assertThat(Schema.VERSION).isEqualTo(highest);
    }
  }

  private Path seal() {
    return Path.of(file() + ".sum");
  }

  @Test
  void open_afterACleanStop_breaksTheSeal() throws IOException {
    assertThat(seal()).doesNotExist();
    catalog.close();
    assertThat(seal()).exists();

    catalog = openFile().catalog();

    assertThat(seal()).doesNotExist();
  }

  /** A flipped bit inside a text is a text to SQLite. */
  @Test
  void open_textChangedSinceTheCleanStop_believesNothingThatFilesTell() throws IOException {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    fill();
    catalog.scans().put(Map.of(MODEL, new byte[] {1}));
    catalog.noteFilled();
    catalog.close();
    byte[] bytes = Files.readAllBytes(file());
    String text = new String(bytes, StandardCharsets.ISO_8859_1);
    int at = text.indexOf(COMMIT.hex());
    assertThat(at).isPositive();
    bytes[at] ^= 1;
    Files.write(file(), bytes);

    Opened again = openFile();
    try (Catalog reopened = again.catalog()) {
      assertThat(again.setAside()).as("its pages are in order").isEmpty();
      assertThat(again.empty()).isTrue();
      assertThat(reopened.refs(MODEL)).isEmpty();
      assertThat(reopened.scans().all()).isEmpty();
      assertThat(reopened.lastUses().get(MODEL)).containsValue(NOON);
    }
    Opened later = openFile();
    later.catalog().close();
    assertThat(later.empty()).as("nobody has read the files yet").isTrue();
  }

  /** No page is the worse for it, and no statement finds the column any more. */
  @Test
  void open_nameInTheSchemaChanged_setsItAside() throws IOException {
    catalog.noteFilled();
    catalog.close();
    String text = Files.readString(file(), StandardCharsets.ISO_8859_1);
    assertThat(text).contains("git_id");
    String other = text.replace("git_id", "git_ie");
    Files.writeString(file(), other, StandardCharsets.ISO_8859_1);

    Opened again = openFile();
    try (Catalog reopened = again.catalog()) {
      assertThat(again.setAside()).isPresent();
      assertThat(reopened.lastUses()).isEmpty();
    }
  }

  @Test
  void document_withAFlippedBit_isAsGoodAsNone() throws Exception {
    catalog.putDocument(
        new Catalog.DocumentRow(MODEL, "info", new byte[] {1, 2, 3}, "text/plain", "", NOON));
    assertThat(catalog.document(MODEL, "info")).isPresent();

    run("UPDATE document SET body = x'010203'");
    assertThat(catalog.document(MODEL, "info")).isPresent();
    run("UPDATE document SET body = x'010303'");
    assertThat(catalog.document(MODEL, "info")).isEmpty();
  }

  @Test
  void open_damaged_namesWhatNoFileTells() throws Exception {
    run(
        "INSERT INTO account (id, name, token_hash, created_at) VALUES ('1', 'build-farm', 'x', 0)");
    run(
        "INSERT INTO model (name, repo, revision, location, registered_at) VALUES ('mini', 'models--o--r', 'main', 'primary', 0)");
    catalog.close();
    run("DROP TABLE ref");
    Logger logger = (Logger) LoggerFactory.getLogger(CatalogOpening.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    try {
      assertSetAside(openFile());
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list.getFirst().getFormattedMessage())
        .contains("rebuilt", "build-farm", "mini = models--o--r");
  }

  /** Whatever became of it between two starts: it opens, and no row says something else. */
  @ParameterizedTest
  @ValueSource(longs = {20260101, 20260102, 20260103})
  void open_bitsFlippedAnywhere_tellsNothingElse(long seed) throws IOException {
    remember();
    catalog.close();
    byte[] sound = Files.readAllBytes(file());
    String seal = Files.readString(seal());
    Random random = new Random(seed);
    for (int round = 0; round < 6; round++) {
      byte[] bytes = sound.clone();
      for (int flips = 0; flips <= round; flips++) {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      }
      Files.write(file(), bytes);
      Files.writeString(seal(), seal);
      try (Catalog again = openFile().catalog()) {
        assertNothingElse(again);
      } catch (CatalogException e) {
        // One bit makes it the catalog of a later Larder, which is not to be touched.
        assertThat(e).as("seed %d, round %d", seed, round).hasMessageContaining("newer Larder");
      }
      deleteCatalogs();
    }
  }

  /** What a killed process leaves: the file, its log and the log's index. */
  @ParameterizedTest
  @ValueSource(strings = {"-wal", "-shm"})
  void open_companionDamagedAfterAKill_tellsNothingElse(String companion) throws IOException {
    remember();
    Path left = Files.createDirectory(directory.resolve("left"));
    Random random = new Random(20260107);
    for (int round = 0; round < 8; round++) {
      for (String name : List.of("", "-wal", "-shm")) {
        Files.copy(
            Path.of(file() + name),
            left.resolve("catalog.db" + name),
            StandardCopyOption.REPLACE_EXISTING);
      }
      damage(left.resolve("catalog.db" + companion), random, round);
      try (Catalog again = JdbiCatalog.open(left.resolve("catalog.db"), CLOCK).catalog()) {
        assertNothingElse(again);
      }
      delete(left);
    }
  }

  private static void damage(Path path, Random random, int round) throws IOException {
    byte[] bytes = Files.readAllBytes(path);
    switch (round % 4) {
      case 0 -> Files.delete(path);
      case 1 -> Files.write(path, new byte[bytes.length]);
      case 2 -> Files.write(path, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
      default -> {
        bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(path, bytes);
      }
    }
  }

  private static void delete(Path files) throws IOException {
    try (var all = Files.list(files)) {
      for (Path each : all.toList()) {
        Files.delete(each);
      }
    }
  }

  private void deleteCatalogs() throws IOException {
    try (var all = Files.list(directory)) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        Files.delete(each);
      }
    }
  }

  private static final EntryPath PATH = new EntryPath("model.bin");

  /** More than fits into one page of each kind. */
  private void remember() {
    catalog.putEntries(
        IntStream.range(0, 200)
            .mapToObj(i -> new EntryPath("file-" + i))
            .map(path -> new Catalog.EntryRow(MODEL, COMMIT, path, ONE, 77, true))
            .toList());
    catalog.putEntries(List.of(new Catalog.EntryRow(MODEL, COMMIT, PATH, TWO, 78, true)));
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.putDocument(
        new Catalog.DocumentRow(MODEL, "info", "x".repeat(9000).getBytes(UTF_8), "t", "", NOON));
  }

  private static void assertNothingElse(Catalog again) {
    assertThat(again.entries(MODEL, COMMIT))
        .allMatch(row -> row.identity().equals(row.path().equals(PATH) ? TWO : ONE))
        .allMatch(row -> row.path().equals(PATH) || row.path().value().startsWith("file-"));
    assertThat(again.refs(MODEL)).allMatch(row -> row.commit().equals(COMMIT));
    assertThat(again.document(MODEL, "info").stream())
        .allMatch(row -> new String(row.body(), UTF_8).equals("x".repeat(9000)));
    assertThat(again.repos()).isEmpty();
  }

  private void fill() {
    catalog.touch(
        IntStream.range(0, 2_000)
            .mapToObj(i -> new Digest("%064x".formatted(i)))
            .map(digest -> new Catalog.Use(MODEL, digest, NOON))
            .toList());
  }

  private void assertSetAside(Opened again) throws IOException {
    try (Catalog fresh = again.catalog()) {
      Path aside = again.setAside().orElseThrow();
      assertThat(aside).hasFileName("catalog.db.damaged-" + NOON.toEpochMilli()).exists();
      assertThat(again.empty()).isTrue();
      assertThat(fresh.lastUses()).isEmpty();
      fresh.putBlob(new BlobRow(ONE, new Fingerprint(1, 2, 3, 4), false));
      assertThat(fresh.blobs()).hasSize(1);
    }
    assertThat(HexFormat.of().formatHex(Files.readAllBytes(file()), 0, 6))
        .isEqualTo("53514c697465");
  }

  private void run(String statement) throws Exception {
    try (Connection raw = DriverManager.getConnection("jdbc:sqlite:" + file());
        Statement s = raw.createStatement()) {
      s.execute(statement);
    }
  }
}
