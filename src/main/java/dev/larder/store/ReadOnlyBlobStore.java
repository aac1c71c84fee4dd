package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Identity;
import dev.larder.content.ReadableFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * {@link BlobStore} in a directory that this process may read and not write: blobs are listed and
 * hashed where they lie. {@link #adopt} only hashes; whatever would write throws the reason. Gives
 * no leases, because nothing is served from here.
 */
public final class ReadOnlyBlobStore implements BlobStore {
  private final Disk disk;
  private final BlobLayout layout;
  private final StoreException.StoreReadOnly reason;

  /** {@code reason}: why the store below {@code larder} cannot be written. */
  public ReadOnlyBlobStore(Path larder, Disk disk, StoreException.StoreReadOnly reason) {
    this.disk = disk;
    this.layout = new BlobLayout(larder.toAbsolutePath().normalize());
    this.reason = reason;
  }

  @Override
  public Lookup find(Digest digest) {
    return stat(digest)
        .<Lookup>map(stat -> new Lookup.Present(digest, stat.sizeBytes()))
        .orElseGet(() -> new Lookup.Absent(digest));
  }

  @Override
  public Optional<FileStat> stat(Digest digest) {
    try {
      return disk.stat(path(digest)).filter(stat -> stat.kind() == FileStat.Kind.FILE);
    } catch (IOException e) {
      throw StoreFailures.of("look at blob " + digest, e);
    }
  }

  @Override
  public Optional<BlobLease> lease(Digest digest) {
    return Optional.empty();
  }

  @Override
  public Optional<BlobLease> tryLease(Digest digest) {
    return Optional.empty();
  }

  @Override
  public boolean isLeased(Digest digest) {
    return false;
  }

  @Override
  public boolean isOpen(Digest digest) {
    return false;
  }

  @Override
  public void linkTo(Digest digest, Path name) {
    throw reason;
  }

  @Override
  public PrivateCopy copy(Map<EntryPath, BlobLease> files) {
    throw reason;
  }

  /** Without a row there is no fingerprint to keep in step. */
  @Override
  public void relinked(Digest digest) {}

  @Override
  public Path path(Digest digest) {
    return layout.blob(digest);
  }

  /** Nothing is served from here. */
  @Override
  public Optional<InPlace> inPlace(Digest digest) {
    return Optional.empty();
  }

  @Override
  public StagedBlob stage(Identity expected, long sizeBytes, Map<String, String> label) {
    throw reason;
  }

  @Override
  public Optional<String> makeRoom(RoomMaker.Need need, Duration within) {
    throw reason;
  }

  @Override
  public long missing(long sizeBytes) {
    return sizeBytes;
  }

  @Override
  public Optional<StagedBlob> resume(Identity expected, long sizeBytes, Map<String, String> label) {
    return Optional.empty();
  }

  @Override
  public Intake intake(long expectedBytes) {
    throw reason;
  }

  @Override
  public Digest adopt(Path file, Identity expected, LongConsumer hashed) {
    BlobHasher.Hashed found = hash(file, expected, hashed);
    if (!found.found().equals(expected)) {
      throw new StoreException.BlobMismatch(
          expected, found.found(), "the file was left where it is");
    }
    return found.digest();
  }

  private BlobHasher.Hashed hash(Path file, Identity expected, LongConsumer hashed) {
    try (ReadableFile bytes = disk.openQuietly(file)) {
      return BlobHasher.hash(bytes, expected, hashed);
    } catch (IOException e) {
      throw StoreFailures.of("hash " + file, e);
    }
  }

  @Override
  public Inspection inspect(Digest digest, LongConsumer hashed) {
    return new BlobInspection(disk, path(digest), digest).run(hashed);
  }

  @Override
  public boolean quarantine(Digest digest, Fingerprint seen, String why) {
    throw reason;
  }

  /** Whoever may write there may be at work there. */
  @Override
  public List<Oddity> audit(boolean settle) {
    return List.of();
  }

  @Override
  public Removal remove(Digest digest) {
    throw reason;
  }

  @Override
  public List<StoredBlob> list() {
    List<StoredBlob> blobs = new ArrayList<>();
    try {
      for (Path shard : disk.list(layout.blobs())) {
        for (Path file : BlobLayout.filesOf(disk, shard).orElse(List.of())) {
          BlobLayout.digestOf(file, BlobLayout.fileName(shard))
              .flatMap(digest -> stat(digest).map(s -> new StoredBlob(digest, s.sizeBytes())))
              .ifPresent(blobs::add);
        }
      }
    } catch (IOException e) {
      throw StoreFailures.of("list the blobs in " + layout.blobs(), e);
    }
    return List.copyOf(blobs);
  }

  @Override
  public Space space() {
    long stored = list().stream().mapToLong(StoredBlob::sizeBytes).sum();
    return new Space(stored, 0, 0, 0);
  }

  @Override
  public List<QuarantinedFile> quarantined() {
    try {
      return Quarantine.files(disk, layout.quarantine());
    } catch (IOException e) {
      throw StoreFailures.of("list the quarantine of " + layout.larder(), e);
    }
  }

  @Override
  public StoreLimits limits() {
    return new StoreLimits(0, 0);
  }

  @Override
  public void close() {}
}
