package dev.larder.transfer;

import dev.larder.content.Digest;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Under which names one object is wanted: two files of a repo may have the same bytes, and share a
 * flight. Each name is told once which blob it is. Guarded by the lock of whoever has it.
 */
final class Names {
  private static final Logger LOG = LoggerFactory.getLogger(Names.class);

  private final LinkedHashMap<Object, FlightOrder> untold = new LinkedHashMap<>();
  private final Set<Object> told = new HashSet<>();

  void add(FlightOrder order) {
    if (!told.contains(order.name())) {
      untold.putIfAbsent(order.name(), order);
    }
  }

  /** Whether it was not told yet; it counts as told from now on. */
  boolean toTell(FlightOrder order) {
    untold.remove(order.name());
    return told.add(order.name());
  }

  /** One that was not told yet, and counts as told from now on; null when there is none. */
  @Nullable FlightOrder next() {
    Map.Entry<Object, FlightOrder> first = untold.pollFirstEntry();
    if (first == null) {
      return null;
    }
    told.add(first.getKey());
    return first.getValue();
  }

  /**
   * Answers what kept it from being written down: the blob is in the store all the same. To be
   * called without any lock.
   */
  static @Nullable RuntimeException tell(FlightOrder order, Digest digest) {
    try {
      order.published().accept(digest);
      return null;
    } catch (RuntimeException | Error e) {
      LOG.atWarn()
          .addKeyValue("object", order.key())
          .setCause(e)
          .log(
              "a blob is in the store but could not be written down; the next request tries again");
      return Course.broken(order, e);
    }
  }
}
