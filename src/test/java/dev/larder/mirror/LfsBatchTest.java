package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.upstream.huggingface.LfsObjectId;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Many large files asked for by their digests at once. */
final class LfsBatchTest extends MirrorFixture {
  private static final int MOST = 1000;

  @Test
  void batchOfAThousand_costsOneQuestionToTheCatalog() {
    Commit commit = repo.file("config.json", "{}").commit("main");
    List<EntryRow> rows =
        IntStream.range(0, MOST)
            .mapToObj(
                i ->
                    new EntryRow(
                        REPO,
                        commit,
                        new EntryPath("part-%04d.bin".formatted(i)),
                        new Digest("%064x".formatted(i)),
                        10 + i,
                        true))
            .toList();
    catalog.putEntries(rows);
    List<LfsObjectId> objects =
        rows.stream()
            .map(row -> new LfsObjectId((Digest) row.identity(), row.sizeBytes()))
            .toList();

    LfsAnswer answer = mirror.lfs(REPO, Optional.empty(), objects, Caller.ANONYMOUS);

    assertThat(answer)
        .isInstanceOfSatisfying(
            LfsAnswer.Here.class,
            here -> {
              assertThat(here.places()).hasSize(MOST);
              assertThat(here.places().get(objects.get(7).digest()))
                  .isEqualTo(new LfsPlace.File(commit, new EntryPath("part-0007.bin"), 17));
            });
    assertThat(watched.calls()).containsOnlyOnce("entriesOf");
  }
}
