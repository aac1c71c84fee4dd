package dev.larder.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Closes what was opened, the last first, whatever fails on the way. For one thread. */
final class Closing implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closing.class);

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();

  <T extends AutoCloseable> T add(T room) {
    opened.push(room);
    return room;
  }

  @Override
  public void close() {
    while (!opened.isEmpty()) {
      AutoCloseable room = opened.pop();
      try {
        room.close();
      } catch (Exception e) {
        LOG.atWarn().setCause(e).log("a room did not close well");
      }
    }
  }
}
