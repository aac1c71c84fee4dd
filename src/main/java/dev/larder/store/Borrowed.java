package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.Identity;
import dev.larder.content.ReadableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Files that are served where somebody else keeps them, because they cannot be linked into the
 * store: hashed there, given out as long as their fingerprint stays, hashed again when it changes,
 * and never written, renamed or removed. They take no room of the store's. Safe for concurrent use.
 */
final class Borrowed implements BlobSource {
  private final StoreParts parts;
  private final Shelf shelf;
  private final OpenBlobs open;
  private final BorrowedNotes notes;
  private final DigestLocks locks = new DigestLocks();
  private final ConcurrentHashMap<Digest, Loan> loans = new ConcurrentHashMap<>();

  private record Loan(BorrowedFile file, PublishedBlob blob) {}

  Borrowed(StoreParts parts, Shelf shelf, OpenBlobs open) throws IOException {
    this.parts = parts;
    this.shelf = shelf;
    this.open = open;
    this.notes = new BorrowedNotes(parts);
    notes.load().forEach(this::put);
  }

  private PublishedBlob put(BorrowedFile file) {
    PublishedBlob blob = new PublishedBlob(file.digest(), file.fingerprint());
    retire(loans.put(file.digest(), new Loan(file, blob)));
    return blob;
  }

  private void retire(@Nullable Loan loan) {
    if (loan != null) {
      open.forget(loan.blob());
      loan.blob().retire();
    }
  }

  @Override
  public Optional<PublishedBlob> find(Digest digest) {
    return Optional.ofNullable(loans.get(digest)).map(Loan::blob);
  }

  Optional<BorrowedFile> file(Digest digest) {
    return Optional.ofNullable(loans.get(digest)).map(Loan::file);
  }

  @Override
  public Path path(Digest digest) {
    Loan loan = loans.get(digest);
    return loan == null ? parts.layout().blob(digest) : loan.file().file();
  }

  /** Hashes {@code file} where it is, and serves it from there if it is {@code expected}. */
  Digest borrow(Path file, Identity expected, String reason) throws IOException {
    Path place = file.toAbsolutePath().normalize();
    Fingerprint before = stat(place).fingerprint();
    BlobHasher.Hashed hashed = hash(place, before, expected);
    if (!hashed.found().equals(expected)) {
      throw new StoreException.BlobMismatch(
          expected, hashed.found(), "the file was left where it is, nothing was stored");
    }
    if (shelf.find(hashed.digest()).isPresent()) {
      return hashed.digest();
    }
    try (var _ = locks.hold(hashed.digest())) {
      lend(new BorrowedFile(hashed.digest(), place, before, reason));
    }
    StoreLog.LOG.atInfo().addKeyValue("file", place).log("served where it is: {}", reason);
    return hashed.digest();
  }

  private PublishedBlob lend(BorrowedFile file) {
    notes.put(file);
    return put(file);
  }

  /** Of the file as it was under {@code before}; fails when that changed meanwhile. */
  private BlobHasher.Hashed hash(Path file, Fingerprint before, Identity expected)
      throws IOException {
    BlobHasher.Hashed hashed;
    try (ReadableFile bytes = parts.disk().openQuietly(file)) {
      hashed = BlobHasher.hash(bytes, expected);
    }
    if (!stat(file).fingerprint().equals(before)) {
      throw new IOException(file + " was written to while it was hashed");
    }
    return hashed;
  }

  private FileStat stat(Path file) throws IOException {
    return parts
        .disk()
        .stat(file)
        .filter(stat -> stat.kind() == FileStat.Kind.FILE)
        .orElseThrow(() -> new NoSuchFileException(file.toString()));
  }

  @Override
  public boolean isTrusted(PublishedBlob blob) throws IOException {
    Loan loan = loans.get(blob.digest());
    return loan != null && loan.blob() == blob && isUnchanged(loan);
  }

  private boolean isUnchanged(Loan loan) throws IOException {
    return parts
        .disk()
        .stat(loan.file().file())
        .map(FileStat::fingerprint)
        .equals(Optional.of(loan.file().fingerprint()));
  }

  @Override
  public FileChannel channel(PublishedBlob blob) throws IOException {
    return open.channel(blob, () -> opened(blob));
  }

  /** Nobody keeps others from putting another file there between the look and the opening. */
  private FileChannel opened(PublishedBlob blob) throws IOException {
    FileChannel channel = parts.disk().openRead(path(blob.digest()));
    boolean same = false;
    try {
      same = isTrusted(blob);
    } finally {
      if (!same) {
        channel.close();
      }
    }
    if (!same) {
      throw new IOException(path(blob.digest()) + " was replaced while it was opened");
    }
    return channel;
  }

  @Override
  public Optional<PublishedBlob> recheck(Digest digest) throws IOException {
    try (var _ = locks.hold(digest)) {
      Loan loan = loans.get(digest);
      if (loan == null || isUnchanged(loan)) {
        return Optional.ofNullable(loan).map(Loan::blob);
      }
      return renewed(loan.file());
    } catch (FileSystemException e) {
      forget(digest, e.toString());
      return Optional.empty();
    }
  }

  private Optional<PublishedBlob> renewed(BorrowedFile file) throws IOException {
    Fingerprint now = stat(file.file()).fingerprint();
    if (!hash(file.file(), now, file.digest()).digest().equals(file.digest())) {
      forget(file.digest(), "it was rewritten");
      return Optional.empty();
    }
    return Optional.of(lend(new BorrowedFile(file.digest(), file.file(), now, file.reason())));
  }

  /** Serves it no more; leases go on, and the file stays. */
  void forget(Digest digest, String why) {
    try (var _ = locks.hold(digest)) {
      Loan loan = loans.remove(digest);
      if (loan != null) {
        notes.forget(digest);
        retire(loan);
        StoreLog.LOG
            .atWarn()
            .addKeyValue("file", loan.file().file())
            .log("not served any more: {}", why);
      }
    }
  }

  BlobStore.Removal remove(Digest digest) {
    try (var _ = locks.hold(digest)) {
      Loan loan = loans.get(digest);
      if (loan == null) {
        return BlobStore.Removal.ABSENT;
      }
      if (!loan.blob().retireIfUnheld()) {
        return BlobStore.Removal.HELD;
      }
      loans.remove(digest);
      notes.forget(digest);
      open.forget(loan.blob());
      return BlobStore.Removal.REMOVED;
    }
  }

  /** Whose file is gone is forgotten here, not reported: it was its owner's to remove. */
  List<BorrowedFile> present() {
    List<BorrowedFile> present = new ArrayList<>();
    for (Loan loan : loans.values()) {
      if (isThere(loan.file().file())) {
        present.add(loan.file());
      } else {
        forget(loan.file().digest(), "it is gone");
      }
    }
    return present;
  }

  private boolean isThere(Path file) {
    try {
      return parts.disk().stat(file).isPresent();
    } catch (IOException e) {
      StoreLog.LOG.debug("{} cannot be looked at", file, e);
      return false;
    }
  }
}
