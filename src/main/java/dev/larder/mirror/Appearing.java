package dev.larder.mirror;

import dev.larder.content.RepoId;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * Keeps apart what is shown of a repo in the shared tree and the taking out of it: whatever is
 * written either is there when a closed repo is taken out, or is not written any more. Safe for
 * concurrent use.
 */
final class Appearing {
  private static final int LOCKS = 64;

  private final Asking asking;

  /** Several repos share one: they wait for each other, and no more. */
  private final ReadWriteLock[] locks =
      Stream.generate(ReentrantReadWriteLock::new).limit(LOCKS).toArray(ReadWriteLock[]::new);

  Appearing(Asking asking) {
    this.asking = asking;
  }

  /** Does nothing, and answers false, once {@code repo} is closed. */
  boolean show(RepoId repo, Runnable write) {
    Lock shared = lock(repo).readLock();
    shared.lock();
    try {
      if (!asking.mayAppear(repo)) {
        return false;
      }
      write.run();
      return true;
    } finally {
      shared.unlock();
    }
  }

  void withdraw(RepoId repo, Runnable removal) {
    Lock alone = lock(repo).writeLock();
    alone.lock();
    try {
      removal.run();
    } finally {
      alone.unlock();
    }
  }

  private ReadWriteLock lock(RepoId repo) {
    return locks[Math.floorMod(repo.hashCode(), LOCKS)];
  }
}
