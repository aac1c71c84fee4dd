package dev.larder.upstream;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/** Idle connections by origin, newest first, each kept for a while. Safe for concurrent use. */
final class ConnectionPool implements AutoCloseable {
  private static final int MOST_IDLE = 32;

  private final Duration idleTimeout;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<Origin, ArrayDeque<Connection>> idle = new HashMap<>();
  private boolean closed;

  ConnectionPool(Duration idleTimeout) {
    this.idleTimeout = idleTimeout;
  }

  /** A connection that looks usable. The peer may have closed it all the same. */
  @Nullable Connection take(Origin origin) {
    lock.lock();
    try {
      dropOld();
      ArrayDeque<Connection> kept = idle.get(origin);
      while (kept != null && !kept.isEmpty()) {
        Connection newest = kept.removeFirst();
        if (newest.quiet()) {
          return newest;
        }
        newest.abort();
      }
      return null;
    } finally {
      lock.unlock();
    }
  }

  void give(Connection connection) {
    lock.lock();
    try {
      dropOld();
      ArrayDeque<Connection> kept =
          idle.computeIfAbsent(connection.origin(), _ -> new ArrayDeque<>());
      if (closed || kept.size() >= MOST_IDLE || !connection.quiet()) {
        connection.abort();
        return;
      }
      connection.idleFrom(System.nanoTime());
      kept.addFirst(connection);
    } finally {
      lock.unlock();
    }
  }

  private void dropOld() {
    long now = System.nanoTime();
    for (Iterator<ArrayDeque<Connection>> all = idle.values().iterator(); all.hasNext(); ) {
      ArrayDeque<Connection> kept = all.next();
      while (!kept.isEmpty() && kept.getLast().idleLongerThan(idleTimeout, now)) {
        kept.removeLast().abort();
      }
      if (kept.isEmpty()) {
        all.remove();
      }
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      idle.values().forEach(kept -> kept.forEach(Connection::abort));
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
