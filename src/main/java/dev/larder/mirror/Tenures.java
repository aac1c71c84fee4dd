package dev.larder.mirror;

import dev.larder.content.RepoId;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.stream.Stream;

/**
 * Keeps apart what is learnt of a repo and the forgetting of it. A name can be given to another
 * repo, and a closed one be opened: what is known by then was learnt under other rights and is
 * forgotten at once, but a download or an answer may end after that. It is kept only in the tenure
 * in which it was asked for. Safe for concurrent use.
 */
final class Tenures {
  private static final int STRIPES = 64;

  /** Several repos share one: an end of one's tenure costs the others a question, and no more. */
  private static final class Stripe {
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final AtomicLong tenure = new AtomicLong();
  }

  private final Stripe[] stripes =
      Stream.generate(Stripe::new).limit(STRIPES).toArray(Stripe[]::new);

  /** To be taken before anything is asked or read that is to be kept. */
  long of(RepoId repo) {
    return stripe(repo).tenure.get();
  }

  /** Does {@code keeping} unless {@code tenure} is over; false when it is. */
  boolean during(RepoId repo, long tenure, Runnable keeping) {
    Stripe stripe = stripe(repo);
    Lock shared = stripe.lock.readLock();
    shared.lock();
    try {
      if (stripe.tenure.get() != tenure) {
        return false;
      }
      keeping.run();
      return true;
    } finally {
      shared.unlock();
    }
  }

  /** Does {@code forgetting} after all that is being kept; what was asked before is not kept. */
  void end(RepoId repo, Runnable forgetting) {
    Stripe stripe = stripe(repo);
    Lock alone = stripe.lock.writeLock();
    alone.lock();
    try {
      long _ = stripe.tenure.incrementAndGet();
      forgetting.run();
    } finally {
      alone.unlock();
    }
  }

  private Stripe stripe(RepoId repo) {
    return stripes[Math.floorMod(repo.hashCode(), STRIPES)];
  }
}
