package dev.larder.provision;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.provision.ProvisionException.ArchiveRefused;
import dev.larder.store.StoreException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a whole archive, from the first byte to the last: what is in it goes into {@link Contents}
 * and a sink, whatever is not as it has to be refuses all of it. For one use.
 */
final class ArchiveReading {
  /** Of all listings together: they are kept in memory, and the hub has them too. */
  private static final long MOST_LISTED_BYTES = 32L << 20;

  private static final int COMMIT_LENGTH = 40;

  private final String archive;
  private final TarReader tar;
  private final boolean ours;
  private final BlobSink sink;
  private final Runnable moved;
  private final Contents contents = new Contents();
  private final Set<String> names = new HashSet<>();
  private final Set<String> folded = new HashSet<>();
  private int entries;
  private long listedBytes;
  private byte @Nullable [] manifest;

  /**
   * {@code ours}: a backup of Larder's, whose listings are taken. {@code moved} is called now and
   * then.
   */
  ArchiveReading(String archive, TarReader tar, boolean ours, BlobSink sink, Runnable moved) {
    this.archive = archive;
    this.ours = ours;
    this.tar = tar;
    this.sink = sink;
    this.moved = moved;
  }

  /** What was read. {@code manifest}: empty where there is none. */
  record Read(Contents contents, Optional<byte[]> manifest) {}

  Read run() {
    for (Optional<TarEntry> entry; (entry = tar.next()).isPresent(); ) {
      take(entry.get());
    }
    contents.repos().values().forEach(this::requireBlobs);
    return new Read(contents, Optional.ofNullable(manifest));
  }

  private void take(TarEntry entry) {
    if (++entries > Place.MOST_ENTRIES) {
      throw tar.refused("is one of more than %d entries".formatted(Place.MOST_ENTRIES));
    }
    String name = Place.normal(entry);
    requireNew(name);
    switch (Place.of(name, entry.kind())) {
      case Place.Nowhere(String why) -> throw tar.refused(why);
      case Place.Directory _ -> {
        // Made when something is put into it.
      }
      case Place.PassedOver(long most) -> requireAtMost(entry, most);
      case Place.Manifest _ -> {
        requireAtMost(entry, Place.MOST_MANIFEST_BYTES);
        manifest = tar.readAll();
      }
      case Place.Blob(var repo, var identity) ->
          contents.of(repo).blobs().put(identity, blob(repo, identity, entry.sizeBytes()));
      case Place.Listing(var repo, var commit) -> listing(repo, commit, entry);
      case Place.Entry(var repo, var commit, var path) ->
          contents
              .of(repo)
              .links()
              .computeIfAbsent(commit, _ -> new LinkedHashMap<>())
              .put(path, target(path, entry.target()));
      case Place.Ref(var repo, var revision) ->
          contents.of(repo).refs().put(revision, commit(entry));
    }
    moved.run();
  }

  /** Once, and not in another case either: on some file systems that would be the same file. */
  private void requireNew(String name) {
    if (name.isEmpty()) {
      return; // The top itself, as '.' and as 'hub/'.
    }
    if (!names.add(name)) {
      throw tar.refused("is there twice");
    }
    int slash = name.indexOf('/');
    // Folders of repos may differ in that: so do the names that people asked for.
    String inside =
        slash < 0 ? name : name.substring(0, slash) + Place.folded(name.substring(slash));
    if (!folded.add(inside)) {
      throw tar.refused("differs from another name in upper and lower case only");
    }
  }

  /** One that cannot be read is as good as none. */
  private void listing(RepoId repo, Commit commit, TarEntry entry) {
    requireAtMost(entry, Place.MOST_LISTING_BYTES);
    if (!ours) {
      return;
    }
    listedBytes += entry.sizeBytes();
    if (listedBytes <= MOST_LISTED_BYTES) {
      HubTree.readListing(tar.readAll())
          .ifPresent(files -> contents.of(repo).listings().put(commit, files));
    } else {
      contents.leftOut(
          new Archives.LeftOut(
              "the listing of %s@%s".formatted(repo, commit),
              "it is too long; the hub is asked for it"));
    }
  }

  private void requireAtMost(TarEntry entry, long most) {
    if (entry.sizeBytes() > most) {
      throw tar.refused(
          "has %d bytes, such a file has at most %d".formatted(entry.sizeBytes(), most));
    }
  }

  private Contents.Blob blob(RepoId repo, Identity identity, long sizeBytes) {
    try {
      return sink.put(
          repo,
          identity,
          sizeBytes,
          buffer -> {
            moved.run();
            return tar.read(buffer);
          });
    } catch (StoreException.BlobMismatch e) {
      throw tar.refused("does not hold what its name says: its bytes hash to " + e.found().hex());
    }
  }

  /** A link is right when it leads to the blobs of its own repo, and by no other way. */
  private Identity target(EntryPath path, String target) {
    String way = "../".repeat(path.depth() + 2) + "blobs/";
    String name = target.startsWith(way) ? target.substring(way.length()) : "";
    if (!name.matches("[0-9a-f]{40}|[0-9a-f]{64}")) {
      throw tar.refused("leads to '%s' and not to a blob of its repo".formatted(Shown.of(target)));
    }
    return Identity.ofHex(name);
  }

  private Commit commit(TarEntry entry) {
    if (entry.sizeBytes() != COMMIT_LENGTH) {
      throw tar.refused("has %d bytes and not a commit's 40".formatted(entry.sizeBytes()));
    }
    String text = new String(tar.readAll(), StandardCharsets.ISO_8859_1);
    if (!Commit.looksLike(text)) {
      throw tar.refused("holds no commit");
    }
    return new Commit(text);
  }

  private void requireBlobs(Contents.Repo repo) {
    requireNoneInside("refs/", repo.refs().keySet().stream().map(Object::toString).toList());
    for (Map.Entry<Commit, Map<EntryPath, Identity>> snapshot : repo.links().entrySet()) {
      requireNoneInside(
          "snapshots/" + snapshot.getKey() + "/",
          snapshot.getValue().keySet().stream().map(Object::toString).toList());
      snapshot
          .getValue()
          .forEach(
              (path, identity) -> {
                if (!repo.blobs().containsKey(identity)) {
                  throw new ArchiveRefused(
                      archive,
                      "snapshots/" + snapshot.getKey() + "/" + path,
                      "leads to the blob " + identity.hex() + ", which is not in the archive");
                }
              });
    }
  }

  /** What is a file cannot be a directory as well. */
  private void requireNoneInside(String where, List<String> paths) {
    Set<String> all = Set.copyOf(paths);
    for (String path : paths) {
      for (int at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
        if (all.contains(path.substring(0, at))) {
          throw new ArchiveRefused(archive, where + path, "lies in something that is no directory");
        }
      }
    }
  }
}
