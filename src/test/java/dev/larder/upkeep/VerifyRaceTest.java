package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.Shown;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.BlobStore;
import dev.larder.store.Intake;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StagedBlob;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.MemoryLedger;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A verification of a site that works: what comes and goes meanwhile is nothing wrong. */
class VerifyRaceTest {
  private static final int VERIFICATIONS = 15;
  private static final RepoId A = RepoId.model("o/a");
  private static final EntryPath MODEL = new EntryPath("model.bin");

  @TempDir Path root;

  @Test
  void verify_whileFilesComeAndGo_findsNothing() throws Exception {
    AtomicBoolean over = new AtomicBoolean();
    try (BlobStore store =
            LocalBlobStore.open(
                root.resolve("larder"),
                new LocalDisk(),
                new MemoryLedger(),
                StoreLimits.none(),
                InstantSource.system());
        Catalog catalog = JdbiCatalog.openInMemory();
        ExecutorService site = Executors.newFixedThreadPool(3)) {
      HubTree tree = LocalHubTree.open(root.resolve("hub"), new LocalDisk(), store);
      List<Future<?>> work =
          List.of(
              site.submit(() -> comeAndGo(store, tree, catalog, A, over)),
              site.submit(() -> comeAndGo(store, tree, catalog, RepoId.model("o/b"), over)),
              site.submit(() -> comeInTogether(store, over)));
      Verifier verifier = new Verifier(store, tree, catalog, new Nobody(), InstantSource.system());

      try {
        for (int i = 0; i < VERIFICATIONS; i++) {
          assertThat(
                  verifier
                      .verify(new VerifyRequest(List.of(), i % 2 == 1), VerifyListener.NONE)
                      .findings())
              .isEmpty();
        }
      } finally {
        over.set(true);
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
  }

  /** In the order in which the site does it: bytes, link, ref; and back. */
  private static void comeAndGo(
      BlobStore store, HubTree tree, Catalog catalog, RepoId repo, AtomicBoolean over) {
    for (int i = 0; !over.get(); i++) {
      // No two repos share a blob: what one of them removes the other may be about to link.
      byte[] bytes = Bytes.of(2L * i + (repo.equals(A) ? 0 : 1), 200_000);
      Digest digest = Bytes.digest(bytes);
      Commit commit = new Commit("%040x".formatted(i));
      try (StagedBlob staged = store.stage(digest, bytes.length, Map.of())) {
        staged.write(0, ByteBuffer.wrap(bytes));
        Digest _ = staged.commit();
      }
      catalog.putEntries(
          List.of(new Catalog.EntryRow(repo, commit, MODEL, digest, bytes.length, true)));
      tree.publish(repo, commit, MODEL, digest, digest);
      tree.writeRef(repo, Revision.MAIN, commit);
      tree.withdraw(repo, List.of(new Shown(commit, MODEL, digest, digest)));
      catalog.forgetContents(repo);
      BlobStore.Removal _ = store.remove(digest);
    }
  }

  /**
   * As a restore does it: many blobs wait in {@code tmp}, and more room is reserved for the rest.
   */
  private static void comeInTogether(BlobStore store, AtomicBoolean over) {
    for (int i = 0; !over.get(); i++) {
      try (Intake intake = store.intake(10_000_000)) {
        List<Digest> put = new ArrayList<>();
        for (int blob = 0; blob < 3; blob++) {
          byte[] bytes = Bytes.of(-1L - 3L * i - blob, 100_000);
          ByteBuffer left = ByteBuffer.wrap(bytes);
          put.add(intake.put(Bytes.digest(bytes), bytes.length, buffer -> next(left, buffer)));
        }
        // Longer than a verification looks at a counter that seems wrong.
        LockSupport.parkNanos(i % 2 == 0 ? 1_500_000_000 : 0);
        put.forEach(intake::publish);
        put.forEach(store::remove);
      }
    }
  }

  private static int next(ByteBuffer left, byte[] into) {
    int count = Math.min(left.remaining(), into.length);
    left.get(into, 0, count);
    return count == 0 ? -1 : count;
  }

  private static final class Nobody implements Verifier.Refetch {
    @Override
    public void fetch(RepoId repo, Commit commit, EntryPath path) {
      throw new AssertionError("nobody is asked for " + path);
    }

    @Override
    public Commit resolve(RepoId repo, Revision revision) {
      throw new AssertionError("nobody is asked for " + revision);
    }
  }
}
