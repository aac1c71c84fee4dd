package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.catalog.JdbiCatalog.Opened;
import dev.larder.content.Digest;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Revision;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    catalog.close();

    Opened again = openFile();
    try (Catalog reopened = again.catalog()) {
      assertThat(again.empty()).isFalse();
      assertThat(again.setAside()).isEmpty();
      assertThat(reopened.refs(MODEL)).hasSize(1);
    }
    assertThat(Path.of(file() + "-wal")).doesNotExist();
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
  void open_afterCrashInTheMiddleOfTheFirstStart_goesOn() throws Exception {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    catalog.close();
    run("PRAGMA user_version = 0");

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
  void open_directoryMissing_saysWhat() {
    assertThatThrownBy(() -> JdbiCatalog.open(directory.resolve("none/catalog.db"), CLOCK))
        .isInstanceOf(CatalogException.class)
        .hasMessageContaining("none/catalog.db");
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
      assertThat(fresh.lastUsed(MODEL)).isEmpty();
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
