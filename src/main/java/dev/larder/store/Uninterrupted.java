package dev.larder.store;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;

/**
 * File work that an interrupt must not undo. Java closes a file channel under everybody when one
 * thread that uses it is interrupted; here the work is done again on a new channel, and the thread
 * finds itself interrupted afterwards.
 */
final class Uninterrupted {
  /** Against a channel that somebody closed for good. */
  private static final int MOST_ATTEMPTS = 100;

  private Uninterrupted() {}

  /** Work that can be begun again and asks for its channel each time. */
  interface Work {
    void run() throws IOException;
  }

  static void run(Work work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      for (int attempt = 1; !done(work, attempt); attempt++) {
        interrupted |= Thread.interrupted();
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static boolean done(Work work, int attempt) throws IOException {
    try {
      work.run();
      return true;
    } catch (ClosedByInterruptException _) {
      return false; // Once more; the interrupt is given back when it is done.
    } catch (ClosedChannelException e) {
      if (attempt == MOST_ATTEMPTS) {
        throw e;
      }
      return false;
    }
  }
}
