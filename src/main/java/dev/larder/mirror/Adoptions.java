package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.content.Digest;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Identity;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.store.BlobStore;
import dev.larder.store.Hashers;
import dev.larder.store.StoreException;
import dev.larder.transfer.TransferException;
import dev.larder.upstream.Deadline;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over files that Python put into the tree. Each is hashed once, however many ask for it
 * meanwhile. A damaged file is hashed anew only when it changed. Safe for concurrent use.
 */
final class Adoptions implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Adoptions.class);

  private final BlobStore store;
  private final HubTree tree;
  private final Hashers<Wish, Optional<Digest>> hashers =
      new Hashers<>("larder-tree-hasher-", Adoptions::closed);
  private final Cache<Wish, Fingerprint> damaged =
      Caffeine.newBuilder().maximumSize(10_000).build();

  private record Wish(Path file, Identity identity) {}

  Adoptions(BlobStore store, HubTree tree) {
    this.store = store;
    this.tree = tree;
  }

  /**
   * The blob that {@code file} became; empty when it cannot be used. Waits while it is hashed,
   * until {@code by}: then hashing goes on, and {@link MirrorException.StillHashing} says when to
   * ask again.
   */
  Optional<Digest> adopt(EntryKey key, FoundFile file, Identity identity, Deadline by) {
    Wish wish = new Wish(file.file(), identity);
    if (file.fingerprint().equals(damaged.getIfPresent(wish))) {
      return Optional.empty();
    }
    return await(key, hashers.ask(wish, () -> hash(key, file, wish)), by);
  }

  private Optional<Digest> hash(EntryKey key, FoundFile file, Wish wish) {
    try {
      Digest digest = store.adopt(file.file(), wish.identity());
      note(key, "file found in the tree is verified", "");
      return Optional.of(digest);
    } catch (StoreException.BlobMismatch e) {
      rememberDamaged(key, file, wish);
      note(key, "file found in the tree is not what its name says", e.explanation());
    } catch (StoreException.StoreIo | StoreException.StoreFull e) {
      // Closing interrupts the hashing, which is no fault of the file.
      if (!Thread.currentThread().isInterrupted()) {
        note(key, "file found in the tree cannot be used", e.explanation());
      }
    }
    return Optional.empty();
  }

  /** As it is now: looking at it through a link of our own changed its ctime, and nothing else. */
  private void rememberDamaged(EntryKey key, FoundFile before, Wish wish) {
    tree.find(key.repo(), key.commit(), key.path())
        .map(FoundFile::fingerprint)
        .filter(now -> isSameFile(now, before.fingerprint()))
        .ifPresent(now -> damaged.put(wish, now));
  }

  private static boolean isSameFile(Fingerprint now, Fingerprint before) {
    return now.inode() == before.inode()
        && now.sizeBytes() == before.sizeBytes()
        && now.modifiedNanos() == before.modifiedNanos();
  }

  private static void note(EntryKey key, String what, String why) {
    var line = why.isEmpty() ? LOG.atInfo() : LOG.atWarn();
    line.addKeyValue("repo", key.repo())
        .addKeyValue("path", key.path())
        .log(why.isEmpty() ? "{}" : "{}: {}", what, why);
  }

  private static Optional<Digest> await(
      EntryKey key, Future<Optional<Digest>> result, Deadline by) {
    try {
      return by.finite()
          ? result.get(by.remaining().toNanos(), TimeUnit.NANOSECONDS)
          : result.get();
    } catch (TimeoutException _) {
      throw new MirrorException.StillHashing(
          "%s of %s lies in the cache directory and is still being verified; ask again in a moment."
              .formatted(key.path(), key.repo()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TransferException.Interrupted("Waiting for a file to be hashed was interrupted.");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException failure
          ? failure
          : new IllegalStateException(e.getCause());
    }
  }

  private static TransferException.Interrupted closed() {
    return new TransferException.Interrupted(
        "Larder is shutting down; a file in the cache directory is not verified any more.");
  }

  /** Before the store: hashing stops, and whoever waits for it is told so. */
  @Override
  public void close() {
    hashers.close();
  }
}
