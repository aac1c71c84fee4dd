package dev.larder.provision;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.ContentHash;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.provision.BlobSources.Source;
import dev.larder.store.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Writes one repo into an archive: its blobs, then the links of snapshots whose blobs are all
 * there, then its refs. For one use.
 */
final class RepoCopy {
  /** Leased at a time; each holds a file open. Most repos have fewer, so all of one are leased. */
  private static final int MOST_LEASES = 512;

  private static final int BUFFER_BYTES = 1 << 20;

  private final Rooms rooms;
  private final BackupPlan plan;
  private final TarWriter tar;
  private final Map<Identity, LeftOut> bad;
  private final Backup.Progress progress;
  private final BlobSources sources;
  private final byte[] buffer = new byte[BUFFER_BYTES];
  private final Map<Identity, Manifest.Blob> written = new LinkedHashMap<>();
  private final Map<Identity, LeftOut> absent = new HashMap<>();
  private final List<LeftOut> leftOut;

  /** {@link LeftOut#why} of what is not here any more. */
  private static final LeftOut GONE = new LeftOut("", "");

  /**
   * A blob whose bytes turned out to be wrong, or could not be read, when some were in the archive
   * already. {@code why}: as a file of that is left out.
   */
  static final class Rotten extends RuntimeException {
    private static final long serialVersionUID = 1L;
    final transient Identity identity;
    final transient LeftOut why;

    Rotten(Identity identity, LeftOut why) {
      super(identity.toString());
      this.identity = identity;
      this.why = why;
    }
  }

  private static Rotten damaged(Identity identity) {
    return new Rotten(identity, new LeftOut("", "its bytes do not hash to its name", true));
  }

  /** {@code bad}: what an earlier try could not copy. */
  RepoCopy(
      Rooms rooms,
      BackupPlan plan,
      TarWriter tar,
      Map<Identity, LeftOut> bad,
      Backup.Progress progress) {
    this.rooms = rooms;
    this.plan = plan;
    this.tar = tar;
    this.bad = bad;
    this.progress = progress;
    this.sources = new BlobSources(rooms);
    this.leftOut = new ArrayList<>(plan.leftOut());
  }

  List<LeftOut> leftOut() {
    return leftOut;
  }

  /** What the manifest says of it; empty when nothing of it is in the archive. */
  Optional<Manifest.Repo> run() throws IOException {
    List<BackupPlan.Blob> all = List.copyOf(plan.blobs().values());
    for (int from = 0; from < all.size(); from += MOST_LEASES) {
      copy(all.subList(from, Math.min(all.size(), from + MOST_LEASES)));
    }
    List<Manifest.Snapshot> snapshots = new ArrayList<>();
    for (Map.Entry<Commit, List<BackupPlan.File>> each : plan.snapshots().entrySet()) {
      snapshot(each.getKey(), each.getValue()).ifPresent(snapshots::add);
    }
    List<Manifest.Ref> refs = refs(snapshots);
    return written.isEmpty() ? Optional.empty() : Optional.of(described(snapshots, refs));
  }

  private String folder() {
    return plan.repo().folder() + "/";
  }

  /** All are leased before the first is copied. */
  private void copy(List<BackupPlan.Blob> blobs) throws IOException {
    Map<Identity, Source> open = new LinkedHashMap<>();
    try {
      for (BackupPlan.Blob blob : blobs) {
        open(blob).ifPresent(source -> open.put(blob.identity(), source));
      }
      for (Map.Entry<Identity, Source> each : open.entrySet()) {
        written.put(each.getKey(), copy(each.getKey(), each.getValue()));
      }
    } finally {
      open.values().forEach(Source::close);
    }
  }

  private Optional<Source> open(BackupPlan.Blob blob) {
    LeftOut before = bad.get(blob.identity());
    if (before != null) {
      absent.put(blob.identity(), before);
      return Optional.empty();
    }
    try {
      Optional<Source> source = sources.open(blob.identity(), blob.file());
      if (source.isEmpty()) {
        absent.put(blob.identity(), GONE);
      }
      return source;
    } catch (StoreException.BlobMismatch e) {
      String why = "its bytes hash to " + e.found().hex();
      absent.put(blob.identity(), new LeftOut("", why, true));
      return Optional.empty();
    } catch (StoreException.StoreIo | ProvisionException.ArchiveIo e) {
      absent.put(blob.identity(), BlobSources.unreadable(e));
      return Optional.empty();
    }
  }

  private Manifest.Blob copy(Identity identity, Source source) throws IOException {
    String name = folder() + "blobs/" + identity.hex();
    long size = source.sizeBytes();
    tar.begin(TarEntry.file(name, size));
    ContentHash hash = new ContentHash(identity, size);
    ByteBuffer block = ByteBuffer.wrap(buffer);
    for (long at = 0; at < size; ) {
      block.clear().limit((int) Math.min(BUFFER_BYTES, size - at));
      int count = read(identity, source, block, at);
      hash.update(buffer, 0, count);
      tar.write(buffer, count);
      at += count;
      progress.moved(plan.repo().toString(), count);
    }
    Digest digest = proved(identity, source, hash.finish());
    return new Manifest.Blob(identity.hex(), digest.hex(), size);
  }

  private static int read(Identity identity, Source source, ByteBuffer block, long at)
      throws IOException {
    int count;
    try {
      count = source.bytes().read(block, at);
    } catch (ClosedChannelException e) {
      throw e; // This work was ended.
    } catch (IOException e) {
      throw new Rotten(identity, new LeftOut("", "reading it failed: " + e.getMessage()));
    }
    if (count < 0) {
      throw damaged(identity);
    }
    return count;
  }

  private static Digest proved(Identity identity, Source source, ContentHash.Hashed hashed) {
    boolean right =
        hashed.found().equals(identity)
            && source.digest().filter(d -> !d.equals(hashed.digest())).isEmpty();
    if (!right) {
      throw damaged(identity);
    }
    return hashed.digest();
  }

  /**
   * A file that is damaged or cannot be read is left out, a snapshot that lost a file since it was
   * planned is too.
   */
  private Optional<Manifest.Snapshot> snapshot(Commit commit, List<BackupPlan.File> planned)
      throws IOException {
    String name = plan.repo() + "@" + commit;
    List<Manifest.File> files = new ArrayList<>();
    for (BackupPlan.File file : planned) {
      LeftOut why = absent.get(file.identity());
      if (why == null) {
        files.add(
            new Manifest.File(
                file.path().value(), file.identity().hex(), file.inTree(), file.shown()));
      } else if (why != GONE) {
        leftOut.add(new LeftOut(name + "/" + file.path(), why.why(), why.wrong()));
      } else if (file.inTree()) {
        leftOut.add(new LeftOut(name, "%s of it went meanwhile".formatted(file.path())));
        return Optional.empty();
      }
    }
    if (files.isEmpty()) {
      return Optional.empty();
    }
    for (Manifest.File file : files) {
      if (file.inTree()) {
        String up = "../".repeat((int) file.path().chars().filter(c -> c == '/').count() + 2);
        tar.begin(
            TarEntry.link(
                folder() + "snapshots/" + commit + "/" + file.path(), up + "blobs/" + file.blob()));
      }
    }
    if (files.stream().anyMatch(Manifest.File::inTree)) {
      listing(commit);
    }
    return Optional.of(new Manifest.Snapshot(commit.hex(), files));
  }

  /** As the tree has it, if it does. */
  private void listing(Commit commit) throws IOException {
    String name = "trees/" + commit + ".json";
    Path file = rooms.tree().directory().resolve(plan.repo().folder()).resolve(name);
    byte[] bytes;
    try (FileChannel channel = rooms.disk().openRead(file)) {
      if (channel.size() > Place.MOST_LISTING_BYTES) {
        return;
      }
      bytes = Channels.newInputStream(channel).readAllBytes();
    } catch (IOException _) {
      return; // There is none, or nobody may read it: the hub is asked for it.
    }
    tar.file(folder() + name, bytes);
  }

  private List<Manifest.Ref> refs(List<Manifest.Snapshot> snapshots) throws IOException {
    Set<String> linked = new HashSet<>();
    Set<String> all = new HashSet<>();
    for (Manifest.Snapshot snapshot : snapshots) {
      all.add(snapshot.commit());
      if (snapshot.files().stream().anyMatch(Manifest.File::inTree)) {
        linked.add(snapshot.commit());
      }
    }
    List<Manifest.Ref> refs = new ArrayList<>();
    for (BackupPlan.Ref ref : plan.refs()) {
      String commit = ref.commit().hex();
      if ((ref.inTree() ? linked : all).contains(commit)) {
        String confirmed =
            ref.confirmedAt().equals(Instant.EPOCH) ? null : ref.confirmedAt().toString();
        refs.add(new Manifest.Ref(ref.revision().name(), commit, confirmed, ref.inTree()));
        if (ref.inTree()) {
          tar.file(folder() + "refs/" + ref.revision(), commit.getBytes(StandardCharsets.US_ASCII));
        }
      } else if (ref.inTree()) {
        leftOut.add(
            new LeftOut(plan.repo() + "@" + ref.revision(), "no file of what it means is here"));
      }
    }
    return refs;
  }

  private Manifest.Repo described(List<Manifest.Snapshot> snapshots, List<Manifest.Ref> refs) {
    RepoId repo = plan.repo();
    Optional<Catalog.RepoRow> row = plan.standing();
    return new Manifest.Repo(
        repo.toString(),
        row.map(r -> r.visibility().name().toLowerCase(Locale.ROOT)).orElse(null),
        row.map(r -> r.checkedAt().toString()).orElse(null),
        row.map(Catalog.RepoRow::canonicalName).orElse(null),
        List.copyOf(written.values()),
        snapshots,
        refs);
  }
}
