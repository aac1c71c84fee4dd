package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Identity;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import java.util.stream.Stream;

/**
 * {@link BlobStore} in a directory of this machine. Opening it recovers it; see {@link Recovery}.
 * The caller holds the {@link StoreLock}.
 */
public final class LocalBlobStore implements BlobStore {
  private final StoreParts parts;
  private final Shelf shelf;
  private final Attempts attempts;
  private final Adoption adoption;
  private final Backlog backlog;
  private final OpenBlobs open;
  private final Borrowed borrowed;
  private final Leasing leasing;
  private volatile RoomMaker roomMaker = RoomMaker.NOBODY;
  private final StoreAudit audit;
  private final PrivateCopies copies;
  private final Notes notes = new Notes();

  private LocalBlobStore(StoreParts parts, InstantSource clock, StoreTuning tuning)
      throws IOException {
    this.parts = parts;
    this.open = new OpenBlobs(tuning.openChannels());
    this.shelf = new Shelf(parts, open);
    this.attempts = new Attempts(parts, shelf, tuning);
    List<Digest> found = new Recovery(parts, shelf, attempts, clock, tuning.boot(), notes).run();
    this.borrowed = new Borrowed(parts, shelf, open);
    this.leasing = new Leasing(shelf, borrowed);
    this.adoption = new Adoption(parts, shelf, borrowed);
    this.backlog = new Backlog(parts, shelf, found, tuning.atOnceBytes(), notes);
    this.audit = new StoreAudit(parts, shelf, attempts, clock);
    this.copies = new PrivateCopies(parts, attempts, lease -> path(lease.digest()));
  }

  /**
   * Opens the store below {@code larder}, created when it is missing, and recovers it. Ready when
   * it returns; large blobs without a row are hashed in the background and appear one by one. After
   * an unclean stop the newest blobs are hashed too, by the first lease or in the background.
   */
  public static LocalBlobStore open(
      Path larder, Disk disk, BlobLedger ledger, StoreLimits limits, InstantSource clock) {
    return open(larder, disk, ledger, limits, clock, StoreTuning.standard());
  }

  static LocalBlobStore open(
      Path larder,
      Disk disk,
      BlobLedger ledger,
      StoreLimits limits,
      InstantSource clock,
      StoreTuning tuning) {
    BlobLayout layout = new BlobLayout(larder.toAbsolutePath().normalize());
    StoreParts parts =
        new StoreParts(
            disk,
            layout,
            ledger,
            new Reservations(disk, layout.larder(), limits),
            new Quarantine(disk, layout.quarantine(), clock),
            new Suspects(disk, layout, clock));
    try {
      return new LocalBlobStore(parts, clock, tuning);
    } catch (IOException e) {
      throw StoreFailures.of("open the store in " + larder, e);
    }
  }

  /** Where a blob lies below {@code larder}, whether it is there or not. */
  public static Path fileOf(Path larder, Digest digest) {
    return new BlobLayout(larder).blob(digest);
  }

  @Override
  public Lookup find(Digest digest) {
    return leasing
        .source(digest)
        .find(digest)
        .<Lookup>map(blob -> new Lookup.Present(digest, blob.sizeBytes()))
        .orElseGet(() -> absent(digest));
  }

  private Lookup absent(Digest digest) {
    return parts.quarantine().holds(digest)
        ? new Lookup.Quarantined(digest)
        : new Lookup.Absent(digest);
  }

  @Override
  public Optional<BlobLease> lease(Digest digest) {
    try {
      return leasing.lease(digest);
    } catch (IOException e) {
      throw StoreFailures.of("open blob " + digest, e);
    }
  }

  @Override
  public Optional<BlobLease> tryLease(Digest digest) {
    return leasing.tryLease(digest);
  }

  @Override
  public boolean isOpen(Digest digest) {
    return leasing.isOpen(digest);
  }

  @Override
  public boolean isLeased(Digest digest) {
    return leasing.isLeased(digest);
  }

  @Override
  public Optional<FileStat> stat(Digest digest) {
    try {
      PublishedBlob blob = shelf.find(digest).orElse(null);
      return blob == null ? Optional.empty() : shelf.stat(blob);
    } catch (IOException e) {
      throw StoreFailures.of("look at blob " + digest, e);
    }
  }

  @Override
  public Path path(Digest digest) {
    return leasing.source(digest).path(digest);
  }

  @Override
  public Optional<InPlace> inPlace(Digest digest) {
    return shelf.find(digest).isPresent()
        ? Optional.empty()
        : borrowed.file(digest).map(file -> new InPlace(file.file(), file.reason()));
  }

  @Override
  public void linkTo(Digest digest, Path name) throws IOException {
    if (inPlace(digest).isPresent()) {
      throw new FileSystemException(name.toString(), null, "the file is somebody else's");
    }
    shelf.linkTo(digest, name);
  }

  @Override
  public void relinked(Digest digest) {
    try {
      shelf.relinked(digest);
    } catch (IOException e) {
      throw StoreFailures.of("look at blob " + digest, e);
    }
  }

  @Override
  public StagedBlob stage(Identity expected, long sizeBytes, Map<String, String> label) {
    try {
      return attempts.stage(expected, sizeBytes, label);
    } catch (IOException e) {
      throw StoreFailures.of("begin an attempt at " + expected, e);
    }
  }

  /** From now on {@code maker} is asked when there is no room, and told when a blob came. */
  public void askForRoom(RoomMaker maker) {
    roomMaker = maker;
    shelf.onGrowth(maker::grew);
  }

  @Override
  public Optional<String> makeRoom(RoomMaker.Need need, Duration within) {
    return roomMaker.makeRoom(need, within);
  }

  @Override
  public long missing(long sizeBytes) {
    try {
      return parts.reservations().missing(sizeBytes);
    } catch (IOException e) {
      throw StoreFailures.of("count the free space of " + parts.layout().larder(), e);
    }
  }

  @Override
  public Optional<StagedBlob> resume(Identity expected, long sizeBytes, Map<String, String> label) {
    return attempts.resume(expected, sizeBytes, label).map(found -> found);
  }

  @Override
  public Intake intake(long expectedBytes) {
    try {
      return new LocalIntake(parts, shelf, attempts, expectedBytes);
    } catch (IOException e) {
      throw StoreFailures.of("reserve room for what comes in", e);
    }
  }

  /** Every attempt that was left behind, each at most once: for tests. */
  List<StagedBlob> resumable() {
    return List.copyOf(attempts.resumable());
  }

  @Override
  public Digest adopt(Path file, Identity expected, LongConsumer hashed) {
    return adoption.adopt(file, expected, hashed);
  }

  @Override
  public PrivateCopy copy(Map<EntryPath, BlobLease> files) {
    try {
      return copies.of(files);
    } catch (IOException e) {
      throw StoreFailures.of("copy blobs to " + parts.layout().tmp(), e);
    }
  }

  @Override
  public Inspection inspect(Digest digest, LongConsumer hashed) {
    return new BlobInspection(parts.disk(), path(digest), digest).run(hashed);
  }

  @Override
  public boolean quarantine(Digest digest, Fingerprint seen, String reason) {
    try {
      if (inPlace(digest).isPresent()) {
        borrowed.forget(digest, reason);
        return true;
      }
      return shelf.quarantine(digest, seen, reason.replaceAll("[^A-Za-z0-9-]+", "-"));
    } catch (IOException e) {
      throw StoreFailures.of("move blob " + digest + " to quarantine", e);
    }
  }

  @Override
  public List<Oddity> audit(boolean settle) {
    try {
      List<Oddity> found = audit.run(settle, () -> !backlog.isDone());
      return Stream.concat(notes.take().stream(), found.stream()).toList();
    } catch (IOException e) {
      throw StoreFailures.of("look through " + parts.layout().larder(), e);
    }
  }

  @Override
  public Removal remove(Digest digest) {
    try {
      return inPlace(digest).isPresent() ? borrowed.remove(digest) : shelf.remove(digest);
    } catch (IOException e) {
      throw StoreFailures.of("remove blob " + digest, e);
    }
  }

  @Override
  public List<StoredBlob> list() {
    Stream<StoredBlob> own =
        shelf.all().stream().map(blob -> new StoredBlob(blob.digest(), blob.sizeBytes()));
    Stream<StoredBlob> others =
        borrowed.present().stream()
            .filter(file -> shelf.find(file.digest()).isEmpty())
            .map(file -> new StoredBlob(file.digest(), file.fingerprint().sizeBytes()));
    return Stream.concat(own, others).toList();
  }

  @Override
  public List<QuarantinedFile> quarantined() {
    try {
      return Quarantine.files(parts.disk(), parts.layout().quarantine());
    } catch (IOException e) {
      throw StoreFailures.of("list the quarantine of " + parts.layout().larder(), e);
    }
  }

  @Override
  public StoreLimits limits() {
    return parts.reservations().limits();
  }

  @Override
  public Space space() {
    try {
      return new Space(
          parts.reservations().storedBytes(),
          parts.reservations().reservedBytes(),
          parts.disk().freeBytes(parts.layout().larder()),
          parts.quarantine().bytes());
    } catch (IOException e) {
      throw StoreFailures.of("count the free space of " + parts.layout().larder(), e);
    }
  }

  /** Waits until blobs found without a row are dealt with and queued syncs are done. */
  void awaitBackground() {
    backlog.await();
    attempts.awaitSyncs();
  }

  @Override
  public void close() {
    backlog.close();
    leasing.close();
    attempts.close();
    open.closeAll();
    parts.suspects().close();
  }
}
