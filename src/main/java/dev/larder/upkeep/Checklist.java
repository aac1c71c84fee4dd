package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.hubcache.HubTree.FoundSnapshot;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What a verification has to hash: each file on disk once, whatever names it has in the tree and in
 * the store, and every file of its own that should have the same bytes.
 */
final class Checklist {
  private final BlobStore store;
  private final Catalog catalog;
  private final HubTree tree;
  private final Map<Object, Item> items = new LinkedHashMap<>();
  private @Nullable Map<Object, Digest> blobsByFile;

  /** Where a blob is used, so that it can be fetched again. */
  record Place(RepoId repo, Commit commit, EntryPath path) {
    @Override
    public String toString() {
      return repo + "@" + commit.hex().substring(0, 7) + "/" + path;
    }
  }

  /**
   * One thing to hash: a blob of the store, or a file of the tree with what it should hash to. A
   * file that is the blob, under another name, is no thing of its own; a copy of the blob is.
   * {@code others}: one place in each other repo that leads to the same file. {@code
   * otherwiseNamed}: the commit has {@code expected} there, and the link says something else.
   */
  record Item(
      @Nullable Digest blob,
      @Nullable FoundFile file,
      @Nullable Identity expected,
      @Nullable Place place,
      List<Place> others,
      long sizeBytes,
      boolean otherwiseNamed) {
    /** A blob of which nothing else is known yet. */
    static Item of(Digest blob, long sizeBytes) {
      return new Item(blob, null, null, null, List.of(), sizeBytes, false);
    }

    private void add(Place more) {
      boolean known =
          Stream.concat(Stream.ofNullable(place), others.stream())
              .anyMatch(each -> each.repo().equals(more.repo()));
      if (!known) {
        others.add(more);
      }
    }

    String name() {
      return place != null ? place.toString() : String.valueOf(blob);
    }
  }

  /** A file on disk by device and inode, and what it should hash to. */
  private record Copy(Object file, Identity expected) {}

  Checklist(BlobStore store, Catalog catalog, HubTree tree) {
    this.store = store;
    this.catalog = catalog;
    this.tree = tree;
  }

  List<Item> items() {
    return List.copyOf(items.values());
  }

  /** Passes over files of which nobody knows what they should hold. */
  void add(FoundRepo repo, FoundSnapshot snapshot, Predicate<EntryPath> meant) {
    Map<EntryPath, Identity> known = known(repo.repo(), snapshot.commit());
    for (FoundFile file : snapshot.files()) {
      if (meant.test(file.path())) {
        Place place = new Place(repo.repo(), snapshot.commit(), file.path());
        Identity told = known.get(file.path());
        Identity named = file.identity().orElse(told);
        if (named != null) {
          add(place, file, named);
        }
        if (told != null && !told.equals(named)) {
          items.put(
              place, new Item(null, file, told, place, new ArrayList<>(), file.sizeBytes(), true));
        }
      }
    }
  }

  /** What the commit holds, whatever its links say: as the hub told, else as the listing does. */
  private Map<EntryPath, Identity> known(RepoId repo, Commit commit) {
    Map<EntryPath, Identity> identities = new HashMap<>();
    tree.listing(repo, commit).stream()
        .flatMap(List::stream)
        .forEach(file -> identities.put(file.path(), file.identity()));
    catalog.entries(repo, commit).forEach(row -> identities.put(row.path(), row.identity()));
    return identities;
  }

  private void add(Place place, FoundFile file, Identity expected) {
    Object onDisk = key(file.file()).orElse(file.file());
    Optional<Digest> blob = blob(expected, file);
    blob.ifPresent(digest -> add(digest, digest, file, expected, place));
    if (blob.flatMap(digest -> key(store.path(digest))).filter(onDisk::equals).isEmpty()) {
      add(new Copy(onDisk, expected), null, file, expected, place);
    }
  }

  private void add(
      Object key, @Nullable Digest blob, FoundFile file, Identity expected, Place place) {
    Item item =
        items.computeIfAbsent(
            key,
            _ -> new Item(blob, file, expected, place, new ArrayList<>(), file.sizeBytes(), false));
    // A file that is hidden from the tree has no link there that could lead to the wrong bytes.
    if (blob == null || !file.file().equals(store.path(blob))) {
      item.add(place);
    }
  }

  /**
   * Blobs that no file of the tree led to, and those that were here and are to be fetched again.
   */
  void addTheRest() {
    for (BlobStore.StoredBlob blob : store.list()) {
      items.putIfAbsent(blob.digest(), Item.of(blob.digest(), blob.sizeBytes()));
    }
    for (Digest lost : catalog.checks().lost()) {
      items.putIfAbsent(lost, Item.of(lost, 0));
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
