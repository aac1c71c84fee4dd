package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Blobs that an unclean stop left in doubt, and the file that tells the next start which those are.
 *
 * <p>{@code UNCLEAN} holds one line, {@code since <nanoseconds since 1970>}: blobs whose file
 * changed at or after that time are hashed anew before they are given out, should this process not
 * come to remove the file. It is durable before the first blob of a process gets its name, and
 * moves on as blobs are published, so that it means ten to twenty minutes before the last of them.
 * While blobs are in doubt it stays where it is: a second crash forgets none of them.
 *
 * <p>Times are those of the file system, compared with each other. Safe for concurrent use.
 */
final class Suspects {
  static final String FILE_NAME = "UNCLEAN";
  private static final long WINDOW_NANOS = Duration.ofMinutes(10).toNanos();
  private static final int MAX_BYTES = 64;

  private final Disk disk;
  private final BlobLayout layout;
  private final SmallFiles files;
  private final InstantSource clock;
  private final Set<Digest> digests = ConcurrentHashMap.newKeySet();
  private OptionalLong doubtful = OptionalLong.empty();
  private boolean marked;
  private long sinceNanos;

  Suspects(Disk disk, BlobLayout layout, InstantSource clock) {
    this.disk = disk;
    this.layout = layout;
    this.files = new SmallFiles(disk, layout);
    this.clock = clock;
  }

  /** At start: blobs changed at or after this time are in doubt. Empty after a clean stop. */
  synchronized OptionalLong load() throws IOException {
    if (disk.stat(layout.unclean()).isEmpty()) {
      return OptionalLong.empty();
    }
    marked = true;
    sinceNanos = read();
    doubtful = OptionalLong.of(sinceNanos);
    return doubtful;
  }

  /** One that says nothing sound puts every blob in doubt. */
  private long read() throws IOException {
    String text = files.read(layout.unclean(), MAX_BYTES);
    try {
      return text.startsWith("since ")
          ? Long.parseLong(text.substring("since ".length()).strip())
          : Long.MIN_VALUE;
    } catch (NumberFormatException e) {
      StoreLog.LOG.warn("{} cannot be read; all blobs are hashed anew", layout.unclean(), e);
      return Long.MIN_VALUE;
    }
  }

  /** Whether the stop before this start left a file of this change time in doubt. */
  synchronized boolean wasInDoubt(long changedNanos) {
    return doubtful.isPresent() && changedNanos >= doubtful.getAsLong();
  }

  /** It is not to be given out before {@link #cleared}. */
  void add(Digest digest) {
    digests.add(digest);
  }

  boolean contains(Digest digest) {
    return !digests.isEmpty() && digests.contains(digest);
  }

  /** Its bytes were hashed, or it left the store. */
  void cleared(Digest digest) {
    digests.remove(digest);
  }

  List<Digest> list() {
    return List.copyOf(digests);
  }

  /** Before a blob gets its row: should there be no clean stop, the next start knows. */
  synchronized void publishing() throws IOException {
    if (!marked) {
      write(clock.millis() * 1_000_000L - WINDOW_NANOS);
      marked = true;
    }
  }

  /** A blob's file got this change time. */
  synchronized void published(long changedNanos) throws IOException {
    boolean late = digests.isEmpty() && changedNanos - sinceNanos > 2 * WINDOW_NANOS;
    // Somebody may have set the clock back.
    boolean early = changedNanos < sinceNanos;
    if (late || early) {
      write(changedNanos - WINDOW_NANOS);
    }
  }

  private void write(long since) throws IOException {
    files.write(layout.unclean(), "since " + since + "\n");
    disk.syncDirectory(layout.larder());
    sinceNanos = since;
  }

  /** A clean stop, unless something is still in doubt. Nothing is published any more. */
  synchronized void close() {
    if (!marked || !digests.isEmpty()) {
      return;
    }
    try {
      // Not synced: one that comes back costs hashing and nothing else.
      disk.delete(layout.unclean());
    } catch (IOException e) {
      StoreLog.LOG.warn("{} stays; the next start hashes what is new", layout.unclean(), e);
    }
  }
}
