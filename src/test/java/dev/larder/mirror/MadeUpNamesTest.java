package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.Catalog.TrafficOf;
import dev.larder.catalog.Catalog.TrafficRow;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.EntryPath;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Names that anybody can make up leave nothing behind that grows with them. */
final class MadeUpNamesTest extends MirrorFixture {
  private static final int NAMES = 10_000;

  /** As many at a time as a hub on loopback likes. */
  private static void forEachName(java.util.function.IntConsumer ask) throws Exception {
    Semaphore some = new Semaphore(16);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> all =
          IntStream.range(0, NAMES)
              .<Callable<Boolean>>mapToObj(
                  i ->
                      () -> {
                        some.acquire();
                        try {
                          ask.accept(i);
                          return true;
                        } finally {
                          some.release();
                        }
                      })
              .toList();
      for (var one : threads.invokeAll(all)) {
        assertThat(one.get()).isTrue();
      }
    }
  }

  @Test
  void repos_leaveOneCounterAndNoRow() throws Exception {
    forEachName(
        i -> {
          RepoId madeUp = RepoId.model("no/such" + i);
          EntryRequest file =
              new EntryRequest(
                  madeUp,
                  Revision.MAIN,
                  new EntryPath("a"),
                  RangeRequest.WHOLE,
                  false,
                  Caller.ANONYMOUS);
          assertThat(mirror.open(file)).isInstanceOf(Answer.Refused.class);
          assertThat(
                  mirror.document(
                      new DocumentRequest.Info(madeUp, Optional.empty(), ""), Caller.ANONYMOUS))
              .isInstanceOf(DocumentAnswer.Refused.class);
        });
    traffic.flush();
    assertThat(catalog.traffic(TrafficOf.REPO, Instant.EPOCH))
        .extracting(TrafficRow::name, row -> row.counts().misses())
        .containsExactly(org.assertj.core.api.Assertions.tuple(Traffic.REFUSED, (long) NAMES));
    assertThat(catalog.repos()).isEmpty();
    assertThat(watched.calls()).doesNotContain("putDocument", "putRepo", "putRef");
  }

  @Test
  void files_ofARealRepo_leaveAFewMarks() throws Exception {
    repo.file("config.json", "{}");
    var commit = repo.commit("main");
    get(asking("config.json", Caller.ANONYMOUS));
    forEachName(
        i ->
            assertThat(mirror.open(asking("none" + i, Caller.ANONYMOUS)))
                .isInstanceOf(Answer.Refused.class));
    long marks =
        IntStream.range(0, NAMES)
            .filter(i -> tree.knownAbsent(REPO, commit, new EntryPath("none" + i)))
            .count();
    assertThat(marks).isBetween(1L, 1_000L);
  }

  @Test
  void questions_thatTheHubAnswers_keepTheNewest() {
    try (Catalog rows = JdbiCatalog.openInMemory()) {
      var kept = new KeptDocuments(rows, new Tenures(), new KeptDocuments.Limits(100, 1 << 20));
      for (int i = 0; i < NAMES; i++) {
        now = now.plusMillis(1);
        kept.keep(new DocumentRow(REPO, "q" + i, new byte[10], "a/b", "", now));
      }
      long left =
          IntStream.range(0, NAMES).filter(i -> rows.document(REPO, "q" + i).isPresent()).count();
      assertThat(left).isBetween(100L, 400L);
      assertThat(rows.document(REPO, "q" + (NAMES - 1))).isPresent();
    }
  }
}
