package dev.larder.resident;

/**
 * Looks after models that are kept: sleeps until the next one may have been idle for too long, and
 * lets go of it.
 */
final class Tending implements Runnable {
  /** It looks no more often, so a model goes at most so much late. */
  private static final long REST_NANOS = 1_000_000_000;

  private final House house;
  private final Evictor evictor;

  Tending(House house) {
    this.house = house;
    this.evictor = new Evictor(house);
  }

  void start() {
    Thread _ = Thread.ofPlatform().daemon().name("resident-tending").start(this);
  }

  /** Does at once what is due, and wakes who may have waited long enough. */
  void sweep() {
    Void _ =
        house.change(
            duties -> {
              evictor.expire(duties);
              evictor.returnToBudget(duties);
              house.loads().forEach(each -> each.settled().signalAll());
              house.queue().wakeAll();
              return null;
            });
  }

  @Override
  public void run() {
    try {
      while (rest()) {
        sweep();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // Somebody wants this thread to end.
    }
  }

  /** Until something is due or has changed; false when all is closed. */
  private boolean rest() throws InterruptedException {
    house.lock().lock();
    try {
      if (house.shut()) {
        return false;
      }
      boolean over = house.ledger().freeBytes() < 0;
      long due = over ? 0 : evictor.nextExpiry();
      long _ = house.tending().awaitNanos(Math.max(REST_NANOS, due));
      return !house.shut();
    } finally {
      house.lock().unlock();
    }
  }
}
