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
import dev.larder.store.StoreException;
import dev.larder.transfer.TransferException;
import dev.larder.upstream.Deadline;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over files that Python put into the tree. Each is hashed once, however many ask for it
 * meanwhile, on a few threads of its own: hashing on the requests' virtual threads would hold up
 * every other request. A damaged file is hashed anew only when it changed. Safe for concurrent use.
 */
final class Adoptions {
  private static final Logger LOG = LoggerFactory.getLogger(Adoptions.class);
  private static final int THREADS = Math.min(4, Runtime.getRuntime().availableProcessors());
  private static final long IDLE_SECONDS = 10;

  private final BlobStore store;
  private final HubTree tree;
  private final Executor hashers = hashers();
  private final ConcurrentMap<Wish, CompletableFuture<Optional<Digest>>> running =
      new ConcurrentHashMap<>();
  private final Cache<Wish, Fingerprint> damaged =
      Caffeine.newBuilder().maximumSize(10_000).build();

  private record Wish(Path file, Identity identity) {}

  Adoptions(BlobStore store, HubTree tree) {
    this.store = store;
    this.tree = tree;
  }

  private static Executor hashers() {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            THREADS,
            THREADS,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("tree-hasher-", 0).factory());
    threads.allowCoreThreadTimeOut(true);
    return threads;
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
    CompletableFuture<Optional<Digest>> mine = new CompletableFuture<>();
    CompletableFuture<Optional<Digest>> present = running.putIfAbsent(wish, mine);
    if (present == null) {
      hashers.execute(() -> run(key, file, wish, mine));
    }
    return await(key, present == null ? mine : present, by);
  }

  /** The root of a hasher's work. */
  private void run(
      EntryKey key, FoundFile file, Wish wish, CompletableFuture<Optional<Digest>> result) {
    try {
      result.complete(hash(key, file, wish));
    } catch (Throwable e) {
      result.completeExceptionally(e);
    } finally {
      running.remove(wish, result);
    }
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
      note(key, "file found in the tree cannot be used", e.explanation());
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
      EntryKey key, CompletableFuture<Optional<Digest>> result, Deadline by) {
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
}
