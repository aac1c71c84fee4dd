package dev.larder.provision;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Commit;
import dev.larder.content.Revision;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.KeptRef;
import dev.larder.provision.Archives.RestoreReport;
import dev.larder.provision.Archives.RestoreRequest;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which meaning of a ref stays when an archive comes over what another program wrote. */
class RestoreRefsTest extends ProvisionFixture {
  private static final Instant EARLY = Instant.parse("2026-01-01T00:00:00Z");
  private static final Instant LATE = Instant.parse("2026-02-01T00:00:00Z");
  private static final Commit OTHER = new Commit("2".repeat(40));

  /** The catalog hears of what Python does only when a server asks again, or never. */
  @Test
  void restore_overARefThatPythonMoved_keepsItUnlessTheArchivesIsNewer() throws IOException {
    Site from = filled("from");
    from.rooms().catalog().putRef(new RefRow(REPO, Revision.MAIN, COMMIT, LATE));
    from.backup(file("a"));
    Site unknown = moved("unknown", LATE.plusSeconds(60));
    Site known = moved("known", LATE.plusSeconds(60));
    known.rooms().catalog().putRef(new RefRow(REPO, Revision.MAIN, COMMIT, EARLY));
    Site older = moved("older", EARLY);

    assertThat(unknown.archives().restore(new RestoreRequest(file("a"), true), Follower.NONE))
        .extracting(RestoreReport::keptRefs)
        .isEqualTo(List.of(new KeptRef(REPO, Revision.MAIN, OTHER.hex(), COMMIT.hex())));
    for (Site newer : List.of(unknown, known)) {
      assertThat(newer.restore(file("a")).keptRefs()).hasSize(1);
      assertThat(newer.rooms().tree().ref(REPO, Revision.MAIN)).contains(OTHER);
    }
    assertThat(older.restore(file("a")).keptRefs()).isEmpty();
    assertThat(older.rooms().tree().ref(REPO, Revision.MAIN)).contains(COMMIT);
  }

  /** As Python left it, and no Larder looked since. */
  private Site moved(String name, Instant at) throws IOException {
    Site site = site(name);
    put(site, OTHER, "config.json", Bytes.of(9, 10), false);
    ref(site, "main", OTHER);
    Path ref = site.hub().resolve(FOLDER).resolve("refs/main");
    Files.setLastModifiedTime(ref, FileTime.from(at));
    return site;
  }
}
