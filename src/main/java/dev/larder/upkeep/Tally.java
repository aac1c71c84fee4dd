package dev.larder.upkeep;

import dev.larder.upkeep.Checklist.Item;
import java.util.Optional;

/** Tells the listener how far the workers are, one after the other. */
final class Tally {
  private final long totalBytes;
  private final VerifyListener listener;
  private long checkedBytes;

  Tally(long totalBytes, VerifyListener listener) {
    this.totalBytes = totalBytes;
    this.listener = listener;
  }

  Part begin(Item item) {
    return new Part(item);
  }

  private synchronized void add(String name, long bytes) {
    checkedBytes += bytes;
    listener.progress(name, checkedBytes, totalBytes);
  }

  private synchronized void found(Finding finding) {
    listener.found(finding);
  }

  /** One file. It counts for what it had when it was listed, whatever becomes of it. */
  final class Part {
    private final Item item;
    private long counted;

    private Part(Item item) {
      this.item = item;
    }

    void moved(long bytes) {
      long more = Math.min(bytes, item.sizeBytes() - counted);
      if (more > 0) {
        counted += more;
        add(item.name(), more);
      }
    }

    Optional<Finding> counted(Optional<Finding> finding) {
      finding.ifPresent(Tally.this::found);
      if (counted < item.sizeBytes() || item.sizeBytes() == 0) {
        add(item.name(), item.sizeBytes() - counted);
      }
      return finding;
    }
  }
}
