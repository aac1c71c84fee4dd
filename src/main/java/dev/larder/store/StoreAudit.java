package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Compares the store's directory with what memory says of it, while both are in use: what is just
 * being written or removed is nothing odd. See {@link BlobStore#audit}.
 */
final class StoreAudit {
  /** A link that is being adopted lives as long as it is hashed; a small file for an instant. */
  private static final Duration STEP = Duration.ofHours(6);

  private static final int LOOKS = 5;
  private static final long BETWEEN_LOOKS_NANOS = 200_000_000;

  private final StoreParts parts;
  private final Shelf shelf;
  private final Attempts attempts;
  private final InstantSource clock;

  StoreAudit(StoreParts parts, Shelf shelf, Attempts attempts, InstantSource clock) {
    this.parts = parts;
    this.shelf = shelf;
    this.attempts = attempts;
    this.clock = clock;
  }

  /** {@code hashing}: files without a row are being hashed anyway, and are passed over here. */
  List<Oddity> run(boolean settle, BooleanSupplier hashing) throws IOException {
    List<Oddity> found = new ArrayList<>();
    for (Path shard : parts.disk().list(parts.layout().blobs())) {
      Optional<List<Path>> files = BlobLayout.filesOf(parts.disk(), shard);
      if (files.isEmpty()) {
        found.add(stray(shard, settle));
      }
      for (Path file : files.orElse(List.of())) {
        Optional<Digest> digest = BlobLayout.digestOf(file, BlobLayout.fileName(shard));
        if (digest.isEmpty()) {
          found.add(stray(file, settle));
        } else if (shelf.find(digest.get()).isEmpty() && !hashing.getAsBoolean()) {
          orphan(digest.get(), file).ifPresent(found::add);
        }
      }
    }
    for (Path file : parts.disk().list(parts.layout().tmp())) {
      leftover(file, settle).ifPresent(found::add);
    }
    counter("stored bytes", this::stored).ifPresent(found::add);
    counter("reserved bytes", this::reserved).ifPresent(found::add);
    return List.copyOf(found);
  }

  private Oddity stray(Path file, boolean settle) throws IOException {
    if (settle) {
      parts.quarantine().take(file, BlobLayout.fileName(file).replace('.', '_'), "stray");
    }
    return new Oddity(
        Oddity.Kind.STRAY,
        shown(file),
        "it lies among the blobs and is none" + (settle ? "; moved to quarantine" : ""),
        settle);
  }

  /** As at a start: hashed, and recorded when it is sound. */
  private Optional<Oddity> orphan(Digest digest, Path file) throws IOException {
    return switch (shelf.adoptOrphan(digest)) {
      case NONE -> Optional.empty();
      case RECORDED ->
          Optional.of(
              new Oddity(
                  Oddity.Kind.ORPHAN,
                  shown(file),
                  "it had no row; its bytes are right, and it has one now",
                  true));
      case QUARANTINED -> Optional.of(wrongOrphan(digest));
    };
  }

  static Oddity wrongOrphan(Digest digest) {
    return new Oddity(
        Oddity.Kind.ORPHAN,
        digest.toString(),
        "a file of that name had no row and other bytes; it is quarantined",
        false);
  }

  private Optional<Oddity> leftover(Path file, boolean settle) throws IOException {
    if (attempts.works(file)) {
      return Optional.empty();
    }
    FileStat stat = parts.disk().stat(file).orElse(null);
    if (stat == null || (isStep(file) && age(stat).compareTo(STEP) < 0)) {
      return Optional.empty();
    }
    boolean copies = PrivateCopies.isOne(file, stat);
    boolean removable = copies || stat.kind() != FileStat.Kind.DIRECTORY;
    if (settle && copies) {
      PrivateCopies.remove(parts.disk(), file);
    } else if (settle && removable) {
      parts.disk().delete(file);
    }
    return Optional.of(
        new Oddity(
            Oddity.Kind.LEFTOVER,
            shown(file),
            removable
                ? "nobody works on it" + (settle ? "; removed" : "")
                : "it is a directory that Larder did not make; remove it by hand",
            settle && removable));
  }

  private static boolean isStep(Path file) {
    String name = BlobLayout.fileName(file);
    return name.endsWith(BlobLayout.ADOPT) || name.endsWith(BlobLayout.MARK);
  }

  private Duration age(FileStat stat) {
    return Duration.ofNanos(clock.millis() * 1_000_000L - stat.changedNanos());
  }

  /** What a counter says and what a recount does, at one look. */
  private record Counts(long counter, long recount) {
    boolean agree() {
      return counter == recount;
    }
  }

  /** What looks at the numbers once. */
  private interface Look {
    Counts take();
  }

  private Counts stored() {
    return new Counts(
        parts.reservations().storedBytes(),
        shelf.all().stream().mapToLong(PublishedBlob::sizeBytes).sum());
  }

  private Counts reserved() {
    return new Counts(parts.reservations().reservedBytes(), attempts.reservedBytes());
  }

  /** While somebody works the two differ for a moment; a wrong counter stays as wrong as it is. */
  private static Optional<Oddity> counter(String name, Look look) {
    Counts first = look.take();
    for (int looks = 1; looks < LOOKS; looks++) {
      if (first.agree()) {
        return Optional.empty();
      }
      LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
      if (!look.take().equals(first)) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Oddity(
            Oddity.Kind.COUNTER,
            name,
            "the counter says %d, a recount %d; it is counted anew at the next start"
                .formatted(first.counter(), first.recount()),
            false));
  }

  private String shown(Path file) {
    return parts.layout().larder().relativize(file).toString();
  }
}
