package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.store.BlobLease;
import dev.larder.store.Lookup;
import dev.larder.testing.Bytes;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** One blob leaves the disk with the links that Larder made to it. */
class BlobRemovalTest extends RemovalFixture {
  private final byte[] model = Bytes.of(1, 5000);

  @Test
  void blob_ofTwoReposAndCommits_leavesWithItsLinksAndEmptySnapshots() {
    Digest digest = pulled(REPO, FIRST, "a/model.bin", model);
    pulled(REPO, SECOND, "model.bin", model);
    pulled(REPO, SECOND, "config.json", "{}".getBytes());
    pulled(OTHER, FIRST, "model.bin", model);
    ref(REPO, "old", FIRST);
    ref(REPO, "main", SECOND);
    long before = used();

    assertThat(blobRemoval().remove(digest)).isEqualTo(new Removed.Freed(model.length));

    assertThat(before - used()).isGreaterThanOrEqualTo(model.length);
    assertThat(store.find(digest)).isInstanceOf(Lookup.Absent.class);
    assertThat(tree.scan()).allSatisfy(repo -> assertThat(repo.problems()).isEmpty());
    assertThat(folder(REPO).resolve("refs/old")).doesNotExist();
    assertThat(folder(REPO).resolve("refs/main")).exists();
    assertThat(snapshot(REPO, SECOND).resolve("config.json")).hasContent("{}");
    assertThat(catalog.shownOf(digest)).isEmpty();
    assertThat(blobRemoval().remove(digest)).isEqualTo(new Removed.Absent());
  }

  /** Not even a folder is left that lists show with no bytes in it, or that a prune would offer. */
  @Test
  void lastBlobOfARepo_leavesNothingOfIt() {
    Digest digest = pulled(REPO, FIRST, "a/model.bin", model);
    ref(REPO, "refs/pr/1", FIRST);
    ref(REPO, "main", FIRST);
    tree.writeListing(REPO, FIRST, List.of());
    catalog.putRef(new Catalog.RefRow(REPO, Revision.MAIN, FIRST, Instant.EPOCH));

    assertThat(blobRemoval().remove(digest)).isInstanceOf(Removed.Freed.class);

    assertThat(folder(REPO)).doesNotExist();
    assertThat(new Inventory(store, tree, catalog, InstantSource.system()).list()).isEmpty();

    pulled(REPO, SECOND, "config.json", "{}".getBytes());
    ref(REPO, "v1", SECOND);
    assertThat(prune().gone()).as("of the first commit only the catalog's ref is left").isEmpty();
  }

  @Test
  void blob_thatIsRead_staysWithItsLinks() {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    try (BlobLease _ = store.lease(digest).orElseThrow()) {
      assertThat(blobRemoval().remove(digest)).isEqualTo(new Removed.Held());
      assertThat(snapshot(REPO, FIRST).resolve("model.bin")).hasBinaryContent(model);
    }
    assertThat(blobRemoval().remove(digest)).isInstanceOf(Removed.Freed.class);
  }

  @Test
  void blob_takenOverFromPython_stays() {
    Path file = downloaded(REPO, FIRST, "model.bin", model);
    Digest digest = store.adopt(file, identity(model));

    assertThat(blobRemoval().remove(digest)).isInstanceOf(Removed.Foreign.class);
    assertThat(snapshot(REPO, FIRST).resolve("model.bin")).hasBinaryContent(model);
    assertThat(store.find(digest)).isInstanceOf(Lookup.Present.class);
  }

  @Test
  void blob_thatPythonLinkedInAnotherCommit_stays() {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    link(snapshot(REPO, SECOND).resolve("model.bin"), "../../blobs/" + digest.hex());

    assertThat(blobRemoval().remove(digest))
        .isEqualTo(new Removed.Foreign(snapshot(REPO, SECOND).resolve("model.bin")));
    assertThat(snapshot(REPO, FIRST).resolve("model.bin")).hasBinaryContent(model);
  }

  @Test
  void blob_whosePlaceInTheTreePythonTookBack_leavesPythonsFileAlone() throws IOException {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    Path name = folder(REPO).resolve("blobs").resolve(digest.hex());
    Files.delete(name);
    Files.write(name, model);

    assertThat(blobRemoval().remove(digest)).isEqualTo(new Removed.Freed(model.length));
    assertThat(snapshot(REPO, FIRST).resolve("model.bin")).hasBinaryContent(model);
    assertThat(catalog.shownOf(digest)).isEmpty();
  }

  /** As on a full disk: links and ref are gone by then, and the mirror has to hear of it. */
  @Test
  void removal_thatTheCatalogRefuses_isToldToTheMirror_andTheNextTryFinishes() {
    Digest digest = pulled(REPO, FIRST, "model.bin", model);
    ref(REPO, "main", FIRST);
    AtomicBoolean full = new AtomicBoolean(true);
    List<RepoId> told = new ArrayList<>();
    BlobRemoval removal = new LinkedBlobRemoval(store, tree, fullWhile(full), telling(told));

    assertThatThrownBy(() -> removal.remove(digest)).hasMessageContaining("full");
    assertThat(folder(REPO).resolve("refs/main")).doesNotExist();
    assertThat(told).containsExactly(REPO);

    full.set(false);
    assertThat(removal.remove(digest)).isEqualTo(new Removed.Freed(model.length));
    assertThat(catalog.shownOf(digest)).isEmpty();
  }

  private static Seclusion telling(List<RepoId> told) {
    return new Seclusion() {
      @Override
      public void alone(RepoId repo, Runnable removal) {
        removal.run();
      }

      @Override
      public void removed(RepoId repo) {
        told.add(repo);
      }
    };
  }

  private Catalog fullWhile(AtomicBoolean full) {
    return (Catalog)
        Proxy.newProxyInstance(
            Catalog.class.getClassLoader(),
            new Class<?>[] {Catalog.class},
            (_, method, arguments) -> {
              if (method.getName().equals("forgetShown") && full.get()) {
                throw new CatalogException("The disk is full.", null);
              }
              return method.invoke(catalog, arguments);
            });
  }
}
