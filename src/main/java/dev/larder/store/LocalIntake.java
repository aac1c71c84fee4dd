package dev.larder.store;

import dev.larder.content.ContentHash;
import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.Identity;
import dev.larder.content.WritableFile;
import dev.larder.store.Reservations.Reservation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** {@link Intake} in {@code tmp} of a store on this machine. */
final class LocalIntake implements Intake {
  private static final int BLOCK_BYTES = 1 << 20;
  private static final int PUBLISHED = 0444;

  private final StoreParts parts;
  private final Shelf shelf;
  private final Attempts attempts;
  private final byte[] buffer = new byte[BLOCK_BYTES];
  private final Map<Digest, Waiting> waiting = new LinkedHashMap<>();
  private final Map<Digest, PublishedBlob> kept = new HashMap<>();

  /** The disk writes behind while the next blob is read and hashed. */
  private final ExecutorService syncs =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("larder-intake-sync").factory());

  private final List<Future<?>> syncing = new ArrayList<>();

  /** No file: the name that the room of what is still to come goes by. */
  private final Path rest;

  private long aheadBytes;
  private Reservation ahead;

  /** A blob's file in {@code tmp} and its room. */
  private record Waiting(Path file, Reservation room) {}

  /** Reserves {@code expectedBytes} at once: what the blobs are said to need together. */
  LocalIntake(StoreParts parts, Shelf shelf, Attempts attempts, long expectedBytes)
      throws IOException {
    this.parts = parts;
    this.shelf = shelf;
    this.attempts = attempts;
    this.rest = newName();
    this.aheadBytes = expectedBytes;
    this.ahead = parts.reservations().reserve("all that comes in", expectedBytes);
    attempts.own(rest, expectedBytes);
  }

  private Path newName() {
    return parts.layout().tmp().resolve(BlobLayout.uniqueName() + BlobLayout.INTAKE);
  }

  @Override
  public Digest put(Identity expected, long sizeBytes, Bytes bytes) {
    Path file = newName();
    try {
      Reservation room = reserve(expected, sizeBytes);
      attempts.own(file, sizeBytes);
      boolean kept = false;
      try {
        Digest digest = written(file, expected, sizeBytes, bytes);
        room.written(sizeBytes);
        kept = waiting.putIfAbsent(digest, new Waiting(file, room)) == null;
        if (kept) {
          syncing.add(syncs.submit(() -> sync(file)));
        }
        return digest;
      } finally {
        if (!kept) {
          giveUp(new Waiting(file, room));
        }
      }
    } catch (IOException e) {
      throw StoreFailures.of("write " + expected + " to " + file, e);
    }
  }

  /**
   * Room that was promised for all becomes this blob's; where that was too little, there is more.
   */
  private Reservation reserve(Identity expected, long sizeBytes) throws IOException {
    ahead.release();
    aheadBytes = Math.max(0, aheadBytes - sizeBytes);
    Reservation room = parts.reservations().reserve(expected.toString(), sizeBytes);
    try {
      ahead = parts.reservations().reserve("all that is still to come in", aheadBytes);
      attempts.own(rest, aheadBytes);
    } catch (StoreException.StoreFull e) {
      room.release();
      throw e;
    }
    return room;
  }

  private Digest written(Path file, Identity expected, long sizeBytes, Bytes bytes)
      throws IOException {
    ContentHash hash = new ContentHash(expected, sizeBytes);
    long written = 0;
    try (WritableFile to = disk().create(file)) {
      for (int count; (count = bytes.read(buffer)) >= 0; written += count) {
        if (written + count > sizeBytes) {
          throw new IOException("there are more than the " + sizeBytes + " bytes it should have");
        }
        hash.update(buffer, 0, count);
        to.write(ByteBuffer.wrap(buffer, 0, count), written);
      }
    }
    ContentHash.Hashed hashed = hash.finish();
    if (written != sizeBytes || !hashed.found().equals(expected)) {
      throw new StoreException.BlobMismatch(expected, hashed.found(), "nothing was stored");
    }
    disk().chmod(file, PUBLISHED);
    return hashed.digest();
  }

  private Boolean sync(Path file) throws IOException {
    disk().syncFile(file);
    return true;
  }

  @Override
  public boolean keep(Digest digest) {
    if (kept.containsKey(digest)) {
      return true;
    }
    try {
      Optional<PublishedBlob> blob = shelf.find(digest);
      if (blob.isPresent() && !shelf.isTrusted(blob.get())) {
        blob = shelf.recheck(digest);
      }
      // Without a lease: each of those holds its file open, and there may be any number.
      boolean held = blob.filter(PublishedBlob::acquire).isPresent();
      blob.filter(_ -> held).ifPresent(found -> kept.put(digest, found));
      return held;
    } catch (IOException e) {
      throw StoreFailures.of("look at blob " + digest, e);
    }
  }

  @Override
  public boolean holds(Digest digest) {
    return waiting.containsKey(digest);
  }

  @Override
  public void seal() {
    try {
      for (Future<?> sync : syncing) {
        sync.get();
      }
      syncing.clear();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure
          ? StoreFailures.of("make what came in durable", failure)
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw StoreFailures.of("make what came in durable", new IOException("it was interrupted"));
    }
  }

  @Override
  public void publish(Digest digest) {
    seal();
    Waiting blob = waiting.get(digest);
    if (blob == null) {
      throw new IllegalStateException(digest + " was not put");
    }
    try {
      shelf.publish(blob.file(), digest, blob.room());
      waiting.remove(digest);
      blob.room().release();
      attempts.disown(blob.file());
      boolean _ = keep(digest);
    } catch (IOException e) {
      throw StoreFailures.of("publish " + digest, e);
    }
  }

  @Override
  public void close() {
    syncs.close();
    ahead.release();
    attempts.disown(rest);
    kept.values().forEach(PublishedBlob::release);
    kept.clear();
    for (Waiting blob : waiting.values()) {
      try {
        giveUp(blob);
      } catch (IOException e) {
        StoreLog.LOG.warn("removing {} failed; the next start tries again", blob.file(), e);
      }
    }
    waiting.clear();
  }

  private void giveUp(Waiting blob) throws IOException {
    try {
      disk().delete(blob.file());
    } finally {
      blob.room().release();
      attempts.disown(blob.file());
    }
  }

  private Disk disk() {
    return parts.disk();
  }
}
