package dev.larder.provision;

import dev.larder.content.ContentHash;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.provision.Archives.KeptRef;
import dev.larder.store.BlobLease;
import dev.larder.store.Intake;
import dev.larder.store.Lookup;
import dev.larder.store.StoreException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where an archive comes to: each repo into the cache that it lives in. What it needs of what is
 * there already stays there until this is closed. For one thread.
 */
final class Landing implements BlobSink, AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Function<RepoId, Rooms> home;
  private final boolean onlyCheck;
  private final Map<RepoId, Rooms> homes = new HashMap<>();
  private final Map<Rooms, Intake> intakes = new LinkedHashMap<>();
  private long newBytes;

  /** {@code onlyCheck}: nothing is kept. */
  Landing(Function<RepoId, Rooms> home, boolean onlyCheck) {
    this.home = home;
    this.onlyCheck = onlyCheck;
  }

  /** Where a repo lives is decided once. */
  private Rooms of(RepoId repo) {
    return homes.computeIfAbsent(repo, home);
  }

  /** Reserves room for what is not here. */
  void reserve(Preamble said) {
    Map<Rooms, Map<Identity, Long>> missing = new LinkedHashMap<>();
    said.sizes()
        .forEach(
            (repo, blobs) -> {
              Rooms rooms = of(repo);
              blobs.forEach(
                  (identity, size) -> {
                    if (here(rooms, identity).isEmpty()) {
                      missing.computeIfAbsent(rooms, _ -> new HashMap<>()).put(identity, size);
                    }
                  });
            });
    missing.forEach((rooms, sizes) -> intakes.put(rooms, rooms.store().intake(sum(sizes))));
  }

  /** More than there can be stays more than there can be. */
  private static long sum(Map<Identity, Long> sizes) {
    long sum = 0;
    for (long size : sizes.values()) {
      sum = size > Long.MAX_VALUE / 4 - sum ? Long.MAX_VALUE / 4 : sum + size;
    }
    return sum;
  }

  private Intake intake(Rooms rooms) {
    return intakes.computeIfAbsent(rooms, it -> it.store().intake(0));
  }

  /** A sound blob that is here stays; the archive's bytes are only compared with its name. */
  @Override
  public Contents.Blob put(RepoId repo, Identity identity, long sizeBytes, Intake.Bytes bytes) {
    Rooms rooms = of(repo);
    Intake intake = onlyCheck ? null : intake(rooms);
    boolean here = here(rooms, identity).filter(digest -> stays(rooms, intake, digest)).isPresent();
    Digest digest =
        here || intake == null
            ? hashed(identity, sizeBytes, bytes)
            : intake.put(identity, sizeBytes, bytes);
    if (!here) {
      newBytes += sizeBytes;
    }
    return new Contents.Blob(digest, sizeBytes, here);
  }

  /** Somebody else's file may go at any time: it does not count. */
  private Optional<Digest> here(Rooms rooms, Identity identity) {
    Intake intake = intakes.get(rooms);
    return identity
        .digest(rooms.catalog()::blobOf)
        .filter(d -> rooms.store().inPlace(d).isEmpty())
        .filter(
            d ->
                rooms.store().find(d) instanceof Lookup.Present
                    || (intake != null && intake.holds(d)));
  }

  private static boolean stays(Rooms rooms, @Nullable Intake intake, Digest digest) {
    if (intake != null) {
      return intake.holds(digest) || intake.keep(digest);
    }
    try (BlobLease lease = rooms.store().lease(digest).orElse(null)) {
      return lease != null;
    }
  }

  private static Digest hashed(Identity expected, long sizeBytes, Intake.Bytes bytes) {
    ContentHash hash = new ContentHash(expected, sizeBytes);
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int count; (count = bytes.read(buffer)) >= 0; ) {
      hash.update(buffer, 0, count);
    }
    ContentHash.Hashed hashed = hash.finish();
    if (!hashed.found().equals(expected)) {
      throw new StoreException.BlobMismatch(expected, hashed.found(), "nothing was stored");
    }
    return hashed.digest();
  }

  long newBytes() {
    return newBytes;
  }

  /** Waits until all that came in is durable. */
  void seal() {
    intakes.values().forEach(Intake::seal);
  }

  /** Answers the refs that stay as they are here. */
  List<KeptRef> publish(Bundle bundle) {
    Rooms rooms = of(bundle.repo());
    Intake intake = intake(rooms);
    for (Bundle.Snapshot snapshot : bundle.snapshots()) {
      for (Bundle.File file : snapshot.files()) {
        // Two names of one blob are one blob in the store.
        if (intake.holds(file.digest())) {
          intake.publish(file.digest());
        }
      }
    }
    return new Publication(rooms).publish(bundle);
  }

  /** The refs that would stay as they are here. */
  List<KeptRef> wouldKeep(Bundle bundle) {
    Publication publication = new Publication(of(bundle.repo()));
    return bundle.refs().stream()
        .flatMap(ref -> publication.kept(bundle.repo(), ref).stream())
        .toList();
  }

  @Override
  public void close() {
    intakes.values().forEach(Intake::close);
  }
}
