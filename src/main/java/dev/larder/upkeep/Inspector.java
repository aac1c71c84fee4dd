package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Digest;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.hubcache.HubTree.Problem.Place.Link;
import dev.larder.store.BlobStore;
import dev.larder.store.BlobStore.Inspection;
import dev.larder.store.StoreException;
import dev.larder.upkeep.Checklist.Item;
import dev.larder.upkeep.Checklist.Place;
import dev.larder.upkeep.Finding.Kind;
import dev.larder.upkeep.Finding.Outcome;
import dev.larder.upkeep.Verifier.Refetch;
import java.nio.file.Files;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hashes one thing and, when that is wanted, repairs it. Safe for concurrent use. */
final class Inspector {
  private static final Logger LOG = LoggerFactory.getLogger(Inspector.class);

  /** A blob may be in very many commits; when so many cannot give it, the next will not either. */
  private static final int MAX_ORIGINS = 8;

  private final BlobStore store;
  private final Catalog catalog;
  private final Refetch refetch;
  private final Mending mending;
  private final boolean repair;

  Inspector(BlobStore store, Catalog catalog, Refetch refetch, Mending mending, boolean repair) {
    this.store = store;
    this.catalog = catalog;
    this.refetch = refetch;
    this.mending = mending;
    this.repair = repair;
  }

  /** {@code hashed} gets the bytes of each step. A file that cannot be read ends nothing. */
  Optional<Finding> inspect(Item item, LongConsumer hashed) {
    FoundFile file = item.file();
    Identity expected = item.expected();
    try {
      if (item.blob() != null) {
        return inspectBlob(item.blob(), item, hashed);
      }
      return file == null || expected == null
          ? Optional.empty()
          : inspectFile(file, expected, item, hashed);
    } catch (StoreException e) {
      String detail = "it could not be checked: " + e.explanation();
      return file != null && item.blob() == null && Files.notExists(file.file())
          ? Optional.empty() // Its owner removed it meanwhile.
          : Optional.of(new Finding(Kind.UNREADABLE, item.name(), detail, Outcome.LEFT));
    }
  }

  private Optional<Finding> inspectBlob(Digest digest, Item item, LongConsumer hashed) {
    BlobStore.InPlace foreign = store.inPlace(digest).orElse(null);
    return foreign == null
        ? inspectOwn(digest, item, hashed)
        : inspectForeign(digest, foreign, item, hashed);
  }

  /** One that its owner removed is no loss of the store's. */
  private Optional<Finding> inspectForeign(
      Digest digest, BlobStore.InPlace file, Item item, LongConsumer hashed) {
    if (!(store.inspect(digest, hashed) instanceof Inspection.Damaged(Digest found, _))) {
      return Optional.empty();
    }
    String detail =
        "%s, served where it is, hashes to %s and not to %s".formatted(file.file(), found, digest);
    if (!repair) {
      return Optional.of(new Finding(Kind.DAMAGED_BLOB, item.name(), detail, Outcome.LEFT));
    }
    store.quarantine(digest, "verify found " + found);
    SequencedSet<Place> origins = origins(item, digest);
    return Optional.of(
        origins.isEmpty()
            ? new Finding(
                Kind.DAMAGED_BLOB,
                item.name(),
                detail + "; it is not served any more and stays where it is",
                Outcome.LEFT)
            : refetched(Kind.DAMAGED_BLOB, item, detail, origins));
  }

  private Optional<Finding> inspectOwn(Digest digest, Item item, LongConsumer hashed) {
    return switch (store.inspect(digest, hashed)) {
      case Inspection.Sound _ -> Optional.empty();
      case Inspection.Missing _ ->
          Optional.of(finding(Kind.MISSING_BLOB, item, "the blob " + digest + " is gone", digest));
      case Inspection.Damaged(Digest found, _) -> {
        if (repair) {
          store.quarantine(digest, "verify found " + found);
        }
        String detail = "the blob " + digest + " hashes to " + found;
        yield Optional.of(finding(Kind.DAMAGED_BLOB, item, detail, digest));
      }
    };
  }

  /** A file that only the tree has, or a copy of a blob: taking it over hashes it. */
  private Optional<Finding> inspectFile(
      FoundFile file, Identity expected, Item item, LongConsumer hashed) {
    try {
      Digest digest = store.adopt(file.file(), expected, hashed);
      if (expected instanceof GitBlobId id) {
        catalog.pinBlob(id, digest);
      }
      return Optional.empty();
    } catch (StoreException.BlobMismatch e) {
      String detail = "the file hashes to " + e.found() + ", its name says " + e.expected();
      return Optional.of(replaced(file, expected, item, detail));
    }
  }

  /** By the store's blob where that is sound, else by what the hub has. */
  private Finding replaced(FoundFile file, Identity expected, Item item, String detail) {
    Place place = item.place();
    boolean soundInStore =
        repair
            && mending.inStore(expected).map(store::inspect).orElse(null)
                instanceof Inspection.Sound;
    if (place == null || !soundInStore) {
      return finding(Kind.DAMAGED_BLOB, item, detail, null);
    }
    try {
      String _ =
          mending.link(place.repo(), new Link(place.commit(), place.path(), Optional.of(expected)));
      Digest _ = store.adopt(file.file(), expected);
      return new Finding(
          Kind.DAMAGED_BLOB, item.name(), detail + "; replaced by a sound copy.", Outcome.REPAIRED);
    } catch (LarderException e) {
      return new Finding(
          Kind.DAMAGED_BLOB,
          item.name(),
          detail + "; it could not be replaced: " + e.explanation(),
          Outcome.LEFT);
    }
  }

  private Finding finding(Kind kind, Item item, String detail, @Nullable Digest blob) {
    if (!repair) {
      return new Finding(kind, item.name(), detail, Outcome.LEFT);
    }
    SequencedSet<Place> origins = origins(item, blob);
    if (origins.isEmpty()) {
      return kind == Kind.MISSING_BLOB
          ? new Finding(kind, item.name(), detail + "; no repo is known to have it", Outcome.LEFT)
          : new Finding(
              kind,
              item.name(),
              detail + "; it is quarantined, there is nothing to fetch it from",
              Outcome.QUARANTINED);
    }
    return refetched(kind, item, detail, origins);
  }

  /** Where the tree has it, else where the catalog remembers it from. */
  private SequencedSet<Place> origins(Item item, @Nullable Digest blob) {
    SequencedSet<Place> origins = new LinkedHashSet<>();
    if (item.place() != null) {
      origins.add(item.place());
    }
    if (blob != null) {
      catalog.entriesOf(blob).stream()
          .map(row -> new Place(row.repo(), row.commit(), row.path()))
          .limit(MAX_ORIGINS)
          .forEach(origins::add);
    }
    return origins;
  }

  private Finding refetched(Kind kind, Item item, String detail, SequencedSet<Place> origins) {
    String why = "";
    for (Place place : origins) {
      try {
        refetch.fetch(place.repo(), place.commit(), place.path());
        String from = place.equals(item.place()) ? "" : " from " + place;
        return new Finding(
            kind, item.name(), detail + "; fetched again" + from + ".", Outcome.REPAIRED);
      } catch (LarderException e) {
        LOG.atWarn().addKeyValue("place", place).log("repair failed: {}", e.explanation());
        why = why.isEmpty() ? e.explanation() : why;
      }
    }
    return new Finding(
        kind, item.name(), detail + "; it could not be fetched again: " + why, Outcome.LEFT);
  }
}
