package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a verification has to hash: each file on disk once, whatever names it has in the tree and in
 * the store.
 */
final class Checklist {
  private final BlobStore store;
  private final Catalog catalog;
  private final Map<Object, Item> items = new LinkedHashMap<>();
  private @Nullable Map<Object, Digest> blobsByFile;

  /** Where a blob is used, so that it can be fetched again. */
  record Place(RepoId repo, Commit commit, EntryPath path) {
    @Override
    public String toString() {
      return repo + "@" + commit.hex().substring(0, 7) + "/" + path;
    }
  }

  /** One thing to hash: a blob of the store, or a file that lies in the tree alone. */
  record Item(
      @Nullable Digest blob, @Nullable FoundFile file, @Nullable Place place, long sizeBytes) {
    String name() {
      return place != null ? place.toString() : String.valueOf(blob);
    }
  }

  Checklist(BlobStore store, Catalog catalog) {
    this.store = store;
    this.catalog = catalog;
  }

  List<Item> items() {
    return List.copyOf(items.values());
  }

  void add(FoundRepo repo, Commit commit, FoundFile file) {
    Place place = new Place(repo.repo(), commit, file.path());
    Optional<Digest> digest = file.identity().flatMap(identity -> blob(identity, file));
    if (digest.isPresent()) {
      items.putIfAbsent(digest.get(), new Item(digest.get(), file, place, file.sizeBytes()));
    } else {
      items.putIfAbsent(file.file(), new Item(null, file, place, file.sizeBytes()));
    }
  }

  /** Blobs that no file of the tree led to. */
  void addTheRest() {
    for (BlobStore.StoredBlob blob : store.list()) {
      items.putIfAbsent(blob.digest(), new Item(blob.digest(), null, null, blob.sizeBytes()));
    }
  }

  private Optional<Digest> blob(Identity identity, FoundFile file) {
    return switch (identity) {
      case Digest sha256 -> Optional.of(sha256).filter(this::inStore);
      case GitBlobId id -> {
        Optional<Digest> pinned = catalog.blobOf(id).filter(this::inStore);
        yield pinned.isPresent() ? pinned : sameFile(file);
      }
    };
  }

  private boolean inStore(Digest digest) {
    return store.find(digest) instanceof Lookup.Present;
  }

  /** A catalog that begins empty knows no SHA-256 of a git blob id; the file tells. */
  private Optional<Digest> sameFile(FoundFile file) {
    Map<Object, Digest> known = blobsByFile;
    if (known == null) {
      known = new HashMap<>();
      for (BlobStore.StoredBlob blob : store.list()) {
        Optional<Object> key = key(store.path(blob.digest()));
        if (key.isPresent()) {
          known.put(key.get(), blob.digest());
        }
      }
      blobsByFile = known;
    }
    return key(file.file()).map(known::get);
  }

  private static Optional<Object> key(Path file) {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (IOException _) {
      // It went, or may not be looked at: then it is hashed on its own, which says so.
      return Optional.empty();
    }
  }
}
