package dev.larder.app;

import dev.larder.content.LarderException;
import dev.larder.upkeep.Rebuild;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link Rebuild} on a thread of its own. Closing stops it and waits for its end. */
final class CatalogRebuild implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(CatalogRebuild.class);

  private final AtomicBoolean stop = new AtomicBoolean();
  private final Thread thread;

  private CatalogRebuild(Rebuild rebuild) {
    thread = Thread.ofPlatform().daemon().name("catalog-rebuild").start(() -> run(rebuild));
  }

  static CatalogRebuild begin(Rebuild rebuild) {
    return new CatalogRebuild(rebuild);
  }

  private void run(Rebuild rebuild) {
    try {
      rebuild.run(stop::get);
    } catch (LarderException e) {
      LOG.atWarn().log("the catalog could not be rebuilt: {}", e.explanation());
    }
  }

  /** Until it is done, or the caller is interrupted. */
  void await() {
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() throws InterruptedException {
    stop.set(true);
    thread.join();
  }
}
