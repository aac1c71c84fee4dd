package dev.larder.serve.api;

import dev.larder.content.EntryPath;
import dev.larder.http.ClientGone;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PulledFile;
import dev.larder.serve.api.ModelMessages.Event;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/**
 * Tells a client what happens, on a thread of its own: others may wait for the same load, and it
 * waits for no client that reads slowly and fails for none that left. Of progress some is left out.
 */
final class Following implements PullListener, AutoCloseable {
  private static final int MOST_WAITING = 64;

  /** Empty: the end. */
  private final BlockingQueue<Optional<Event>> events = new LinkedBlockingQueue<>();

  private final Thread writer;
  private volatile boolean left;

  Following(Consumer<Event> emit) {
    writer = Thread.ofVirtual().name("model-progress").start(() -> write(emit));
  }

  private void write(Consumer<Event> emit) {
    try {
      for (var next = events.take(); next.isPresent(); next = events.take()) {
        emit.accept(next.get());
      }
    } catch (ClientGone _) {
      left = true; // Whoever began this hears it with the last line.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(Event event) {
    if (!left) {
      events.add(Optional.of(event));
    }
  }

  @Override
  public void planned(List<PulledFile> files) {
    tell(Event.planned(files));
  }

  @Override
  public void progress(EntryPath path, long landedBytes, long totalBytes) {
    if (events.size() < MOST_WAITING) {
      tell(Event.progress(path, landedBytes, totalBytes));
    }
  }

  @Override
  public void done(PulledFile file) {
    tell(Event.done(file));
  }

  /** Returns when all was told, or the client left. */
  @Override
  public void close() {
    events.add(Optional.empty());
    try {
      writer.join();
    } catch (InterruptedException _) {
      writer.interrupt();
      Thread.currentThread().interrupt();
    }
  }
}
