package dev.larder.mirror;

import dev.larder.content.LarderException;
import dev.larder.content.Sizes;
import dev.larder.store.BlobStore;
import dev.larder.store.StoreLimits;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/** Tells whoever runs this Larder that files are not kept, once a minute. */
final class WantOfRoom {
  private static final Logger LOG = LoggerFactory.getLogger(WantOfRoom.class);
  private static final long QUIET_NANOS = Duration.ofMinutes(1).toNanos();

  private final BlobStore store;
  private final AtomicLong nextNanos = new AtomicLong(System.nanoTime());

  WantOfRoom(BlobStore store) {
    this.store = store;
  }

  /** A file is not kept, because of {@code why}. */
  void met(String why) {
    long now = System.nanoTime();
    long next = nextNanos.get();
    if (now - next < 0 || !nextNanos.compareAndSet(next, now + QUIET_NANOS)) {
      return;
    }
    var event = LOG.atWarn().addKeyValue("event", "disk.floor");
    try {
      event = counted(event);
    } catch (LarderException e) {
      LOG.debug("The free space cannot be counted either.", e);
    }
    event.log("New files are passed on and not kept, for want of room: {}", why);
  }

  private LoggingEventBuilder counted(LoggingEventBuilder event) {
    BlobStore.Space space = store.space();
    StoreLimits limits = store.limits();
    var told =
        event
            .addKeyValue("free", Sizes.format(space.freeBytes()))
            .addKeyValue("floor", Sizes.format(limits.minFreeBytes()))
            .addKeyValue("stored", Sizes.format(space.storedBytes()));
    return limits.maxSizeBytes() == Long.MAX_VALUE
        ? told
        : told.addKeyValue("budget", Sizes.format(limits.maxSizeBytes()));
  }
}
