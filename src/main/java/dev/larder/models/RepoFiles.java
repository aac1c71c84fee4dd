package dev.larder.models;

import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.mirror.SnapshotUse;
import dev.larder.models.Gathering.Errand;
import dev.larder.models.ModelPlaces.Place;
import dev.larder.resident.ModelFiles;
import dev.larder.store.BlobLease;
import dev.larder.store.PrivateCopy;
import dev.larder.store.RoomMaker;
import dev.larder.store.StoreException;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/**
 * The files of a snapshot as engines see them. What was brought is held by leases until this is
 * closed, on whatever thread; it closes all of it, once.
 */
final class RepoFiles implements ModelFiles, AutoCloseable {
  private static final Duration ROOM_WAIT = Duration.ofSeconds(30);
  private static final long LARGEST_READ_BYTES = 1L << 30;

  private final ModelPlaces places;
  private final Place place;
  private final RepoId repo;
  private final SnapshotUse use;
  private final SequencedMap<String, Long> sizes;
  private final Errand errand;
  private final Map<String, BlobLease> held = new LinkedHashMap<>();
  private final List<PrivateCopy> copies = new ArrayList<>();
  private boolean closed;

  RepoFiles(ModelPlaces places, Place place, RepoId repo, SnapshotUse use, Errand errand) {
    this.places = places;
    this.place = place;
    this.repo = repo;
    this.use = use;
    this.sizes = use.files();
    this.errand = errand;
  }

  @Override
  public List<String> paths() {
    return List.copyOf(sizes.keySet());
  }

  @Override
  public long sizeBytes(String path) {
    return sizes.getOrDefault(path, -1L);
  }

  @Override
  public synchronized void bring(Collection<String> paths) {
    requireOpen();
    List<String> missing =
        paths.stream().distinct().filter(path -> !held.containsKey(path)).toList();
    requireSmall(missing);
    errand
        .downloads()
        .during(() -> places.bringing(repo, place, () -> use.bring(missing, errand.listener())));
    for (String path : missing) {
      held.put(path, use.hold(path));
    }
  }

  /** By the sizes of the listing, before anything is fetched. A model takes as much memory. */
  private void requireSmall(List<String> more) {
    long bytes =
        Stream.concat(held.keySet().stream(), more.stream())
            .mapToLong(path -> Math.max(0, sizeBytes(path)))
            .sum();
    if (bytes > errand.mostBytes()) {
      throw new ModelsException.TooBig(
          "Tried to load a model of %s, but its files have %d bytes, and loaded models may take %d at most; none of the large ones was fetched. LARDER_MODEL_MEMORY sets how much loaded models may take."
              .formatted(repo, bytes, errand.mostBytes()),
          null);
    }
  }

  @Override
  public synchronized byte[] read(String path) throws IOException {
    BlobLease lease = lease(path);
    if (lease.sizeBytes() > LARGEST_READ_BYTES) {
      throw new IOException(path + " is too large to be read as a whole");
    }
    ByteBuffer bytes = ByteBuffer.allocate((int) lease.sizeBytes());
    while (bytes.hasRemaining()) {
      if (lease.channel().read(bytes, bytes.position()) < 0) {
        throw new EOFException(path + " is shorter than it was");
      }
    }
    return bytes.array();
  }

  @Override
  public synchronized Path file(String path) {
    return place.store().path(lease(path).digest());
  }

  @Override
  public synchronized Path directory(Collection<String> paths) {
    SequencedMap<EntryPath, BlobLease> files = new LinkedHashMap<>();
    paths.forEach(path -> files.put(EntryPath.ordinary(path), lease(path)));
    PrivateCopy copy = copied(files);
    copies.add(copy);
    return copy.directory();
  }

  /** Where there is no room, some is asked for, once. */
  private PrivateCopy copied(Map<EntryPath, BlobLease> files) {
    try {
      return place.store().copy(files);
    } catch (StoreException full) {
      if (!StoreException.isWantOfRoom(full)) {
        throw full;
      }
      long bytes = files.values().stream().mapToLong(BlobLease::sizeBytes).sum();
      RoomMaker.Need need =
          new RoomMaker.Need(
              "copies for a model of " + repo, bytes, true, full instanceof StoreException.StoreIo);
      Optional<String> holders = place.store().makeRoom(need, ROOM_WAIT);
      if (holders.isPresent()) {
        throw StoreException.StoreFull.heldBy(full, holders.get());
      }
      return place.store().copy(files);
    }
  }

  private BlobLease lease(String path) {
    requireOpen();
    BlobLease lease = held.get(path);
    if (lease == null) {
      throw new IllegalStateException(path + " was not brought");
    }
    return lease;
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the files are closed");
    }
  }

  /** One whose bytes were written to by somebody else since they were brought. */
  synchronized Optional<String> rewritten() {
    return held.entrySet().stream()
        .filter(each -> !each.getValue().isSound())
        .map(Map.Entry::getKey)
        .findFirst();
  }

  SnapshotUse use() {
    return use;
  }

  String location() {
    return place.location();
  }

  @Override
  public synchronized void close() {
    if (!closed) {
      closed = true;
      copies.forEach(PrivateCopy::close);
      held.values().forEach(BlobLease::close);
      held.clear();
    }
  }
}
