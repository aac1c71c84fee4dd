package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog.BlobRow;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.Catalog.Use;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.GitBlobId;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does, whatever database it lies in. */
abstract class CatalogContract {
  static final RepoId MODEL = RepoId.model("org/name");
  static final RepoId DATASET = RepoId.parse("datasets/org/name");
  static final Commit COMMIT = new Commit("a".repeat(40));
  static final Digest ONE = new Digest("1".repeat(64));
  static final Digest TWO = new Digest("2".repeat(64));
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");

  Catalog catalog;

  abstract Catalog open();

  @BeforeEach
  void openCatalog() {
    catalog = open();
  }

  @AfterEach
  void closeCatalog() {
    catalog.close();
  }

  @Test
  void blob_putTwiceThenForgotten_isReplacedThenGone() {
    catalog.putBlob(new BlobRow(ONE, new Fingerprint(1, 2, 3, 4), false));
    BlobRow marked = new BlobRow(ONE, new Fingerprint(9, 8, Long.MAX_VALUE, 6), true);
    catalog.putBlob(marked);
    BlobRow other = new BlobRow(TWO, new Fingerprint(1, 0, -5, 4), false);
    catalog.putBlob(other);

    assertThat(catalog.blobs()).containsExactlyInAnyOrder(marked, other);

    catalog.forgetBlob(ONE);
    catalog.forgetBlob(ONE);

    assertThat(catalog.blobs()).containsExactly(other);
  }

  @Test
  void gitId_pinnedTwice_keepsTheFirst() {
    GitBlobId id = new GitBlobId("b".repeat(40));
    assertThat(catalog.blobOf(id)).isEmpty();

    catalog.pinBlob(id, ONE);
    catalog.pinBlob(id, TWO);

    assertThat(catalog.blobOf(id)).contains(ONE);
  }

  @Test
  void repo_putTwice_isReplacedAndListedByName() {
    RepoRow first = new RepoRow(MODEL, Visibility.UNKNOWN, NOON, "org/name");
    catalog.putRepo(first);
    RepoRow second = new RepoRow(MODEL, Visibility.RESTRICTED, NOON.plusSeconds(1), "new-org/name");
    catalog.putRepo(second);
    RepoRow dataset = new RepoRow(DATASET, Visibility.PUBLIC, NOON, "org/name");
    catalog.putRepo(dataset);

    assertThat(catalog.repo(MODEL)).contains(second);
    assertThat(catalog.repo(RepoId.model("absent"))).isEmpty();
    assertThat(catalog.repos()).containsExactly(dataset, second);
  }

  @Test
  void repo_modelCalledDatasets_isNotTheDataset() {
    RepoRow odd = new RepoRow(RepoId.model("datasets/name"), Visibility.PUBLIC, NOON, "x");
    catalog.putRepo(odd);

    assertThat(catalog.repo(RepoId.parse("datasets/name"))).isEmpty();
    assertThat(catalog.repos()).containsExactly(odd);
  }

  @Test
  void ref_movesAndIsForgotten() {
    Revision pr = new Revision("refs/pr/1");
    catalog.putRef(new RefRow(MODEL, Revision.MAIN, COMMIT, NOON));
    RefRow moved =
        new RefRow(MODEL, Revision.MAIN, new Commit("c".repeat(40)), NOON.plusSeconds(9));
    catalog.putRef(moved);
    RefRow other = new RefRow(MODEL, pr, COMMIT, NOON);
    catalog.putRef(other);
    catalog.putRef(new RefRow(DATASET, Revision.MAIN, COMMIT, NOON));

    assertThat(catalog.ref(MODEL, Revision.MAIN)).contains(moved);
    assertThat(catalog.refs(MODEL)).containsExactly(moved, other);

    catalog.forgetRef(MODEL, pr);

    assertThat(catalog.ref(MODEL, pr)).isEmpty();
    assertThat(catalog.refs(MODEL)).containsExactly(moved);
  }

  @Test
  void entries_putAgain_areReplacedAndOrderedByPath() {
    EntryRow small =
        new EntryRow(
            MODEL, COMMIT, new EntryPath("b/x y.txt"), new GitBlobId("d".repeat(40)), 3, false);
    EntryRow large = new EntryRow(MODEL, COMMIT, new EntryPath("a.bin"), ONE, 1L << 40, true);
    catalog.putEntries(List.of(small, large));
    EntryRow again = new EntryRow(MODEL, COMMIT, new EntryPath("a.bin"), TWO, 0, true);
    catalog.putEntries(List.of(again));
    catalog.putEntries(List.of());

    assertThat(catalog.entry(MODEL, COMMIT, new EntryPath("a.bin"))).contains(again);
    assertThat(catalog.entry(DATASET, COMMIT, new EntryPath("a.bin"))).isEmpty();
    assertThat(catalog.entries(MODEL, COMMIT)).containsExactly(again, small);
  }

  @Test
  void document_putTwice_isReplacedByteForByte() {
    catalog.putDocument(
        new DocumentRow(MODEL, "tree/main", new byte[] {1}, "text/plain", "", NOON));
    byte[] body = {0, -1, 127, '\n'};
    catalog.putDocument(
        new DocumentRow(
            MODEL, "tree/main", body, "application/json", "etag: \"x\"\nlink: y", NOON));

    DocumentRow found = catalog.document(MODEL, "tree/main").orElseThrow();
    assertThat(found.body()).isEqualTo(body);
    assertThat(found.contentType()).isEqualTo("application/json");
    assertThat(found.headers()).isEqualTo("etag: \"x\"\nlink: y");
    assertThat(found.fetchedAt()).isEqualTo(NOON);
    assertThat(catalog.document(MODEL, "other")).isEmpty();
  }

  private DocumentRow page(int minute, int bytes) {
    return new DocumentRow(
        MODEL, "page " + minute, new byte[bytes], "a/b", "", NOON.plusSeconds(60L * minute));
  }

  @Test
  void documents_pruned_keepTheNewestWithinBothLimits() {
    for (int minute = 0; minute < 10; minute++) {
      catalog.putDocument(page(minute, 100));
    }
    catalog.pruneDocuments(10, 1000);
    assertThat(catalog.document(MODEL, "page 0")).isPresent();

    catalog.pruneDocuments(6, 1000);
    assertThat(catalog.document(MODEL, "page 3")).isEmpty();
    assertThat(catalog.document(MODEL, "page 4")).isPresent();

    catalog.pruneDocuments(6, 299);
    assertThat(catalog.document(MODEL, "page 7")).isEmpty();
    assertThat(catalog.document(MODEL, "page 8")).isPresent();
    assertThat(catalog.document(MODEL, "page 9")).isPresent();
  }

  @Test
  void traffic_addedOverTwoDays_isSummedSinceTheDayAsked() {
    Instant dayBefore = NOON.minusSeconds(86_400);
    catalog.addTraffic(
        List.of(
            new TrafficRow(dayBefore, "hf", "org/name", 100, 100, 100, 100),
            new TrafficRow(NOON, "hf", "org/name", 1, 2, 3, 4)));
    catalog.addTraffic(List.of(new TrafficRow(NOON.plusSeconds(60), "hf", "org/name", 1, 1, 1, 1)));
    catalog.addTraffic(List.of(new TrafficRow(NOON, "hf", "other", 5, 0, 6, 0)));
    Instant day = Instant.parse("2026-03-01T00:00:00Z");

    assertThat(catalog.traffic(NOON))
        .containsExactly(
            new TrafficRow(day, "hf", "org/name", 2, 3, 4, 5),
            new TrafficRow(day, "hf", "other", 5, 0, 6, 0));
    assertThat(catalog.traffic(Instant.MIN).getFirst().hits()).isEqualTo(102);
  }

  @Test
  void use_reportedOutOfOrder_keepsTheLatest() {
    assertThat(catalog.lastUsed(MODEL)).isEmpty();

    catalog.touch(List.of(new Use(MODEL, ONE, NOON), new Use(MODEL, TWO, NOON.minusSeconds(5))));
    catalog.touch(List.of(new Use(MODEL, ONE, NOON.minusSeconds(60))));

    assertThat(catalog.lastUsed(MODEL)).contains(NOON);
    assertThat(catalog.lastUsed(DATASET)).isEmpty();
  }

  @Test
  void writersAndReaders_atOnce_loseNothing() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all =
          IntStream.range(0, 16)
              .<Future<?>>mapToObj(
                  i ->
                      threads.submit(
                          () -> {
                            for (int n = 0; n < 10; n++) {
                              catalog.addTraffic(
                                  List.of(new TrafficRow(NOON, "hf", "r", 1, 0, i, 0)));
                              assertThat(catalog.traffic(NOON)).hasSize(1);
                            }
                          }))
              .toList();
      for (Future<?> each : all) {
        each.get();
      }
    }

    assertThat(catalog.traffic(NOON).getFirst().hits()).isEqualTo(160);
  }
}
