package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.content.Digest;
import dev.larder.content.FileStat.Fingerprint;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.store.BlobStore;
import dev.larder.store.BlobStore.Inspection;
import dev.larder.store.BlobStore.StoredBlob;
import dev.larder.store.Lookup;
import dev.larder.store.StoreException;
import dev.larder.upkeep.Checklist.Item;
import dev.larder.upkeep.Checklist.Place;
import dev.larder.upkeep.Finding.Kind;
import dev.larder.upkeep.Finding.Outcome;
import dev.larder.upkeep.Verifier.Refetch;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.Set;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hashes one thing and, when that is wanted, repairs it. Safe for concurrent use. */
final class Inspector {
  private static final Logger LOG = LoggerFactory.getLogger(Inspector.class);

  /** A blob may be in very many commits; when so many cannot give it, the next will not either. */
  private static final int MAX_ORIGINS = 8;

  private static final int MAX_LOOKS = 3;

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
    return inspectOne(item, hashed)
        .map(finding -> finding.repaired() ? everywhere(item, finding) : finding);
  }

  /** The repair gave one repo a file of its own; others lead to the wrong one still. */
  private Finding everywhere(Item item, Finding finding) {
    Identity expected = item.expected();
    if (expected == null) {
      return finding;
    }
    for (Place other : item.others()) {
      try {
        mending.relink(other, expected);
      } catch (LarderException e) {
        return leftAt(other, item, finding, e);
      }
    }
    return finding;
  }

  /**
   * A blob of the store, wherever it is used. Where it was wrong and is right again, so is every
   * file of the tree that led to it.
   */
  Optional<Finding> inspect(StoredBlob blob, LongConsumer hashed) {
    Item item = Item.of(blob.digest(), blob.sizeBytes());
    return inspectOne(item, hashed)
        .map(finding -> finding.repaired() ? inTheTree(blob.digest(), item, finding) : finding);
  }

  private Finding inTheTree(Digest blob, Item item, Finding finding) {
    Set<RepoId> done = new HashSet<>();
    for (Catalog.EntryRow row : catalog.entriesOf(blob)) {
      Place place = new Place(row.repo(), row.commit(), row.path());
      if (done.add(row.repo()) && mending.shows(place)) {
        try {
          mending.relink(place, row.identity());
        } catch (LarderException e) {
          return leftAt(place, item, finding, e);
        }
      }
    }
    return finding;
  }

  private static Finding leftAt(Place place, Item item, Finding finding, LarderException e) {
    String more = " %s could not be repaired: %s".formatted(place, e.explanation());
    return new Finding(finding.kind(), item.name(), finding.detail() + more, Outcome.LEFT);
  }

  private Optional<Finding> inspectOne(Item item, LongConsumer hashed) {
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
    Wrong wrong = wrong(store.inspect(digest, hashed)).orElse(null);
    if (wrong == null) {
      return Optional.empty();
    }
    String detail = "%s, served where it is as %s, %s".formatted(file.file(), digest, wrong.how());
    if (!repair || !store.quarantine(digest, wrong.file(), wrong.reason())) {
      return Optional.of(new Finding(Kind.DAMAGED_BLOB, item.name(), detail, Outcome.LEFT));
    }
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
    for (int looks = 0; looks < MAX_LOOKS; looks++) {
      Inspection found = store.inspect(digest, hashed);
      if (found instanceof Inspection.Missing) {
        return missing(digest, item);
      }
      Wrong wrong = wrong(found).orElse(null);
      if (wrong == null) {
        return Optional.empty();
      }
      if (!repair || store.quarantine(digest, wrong.file(), wrong.reason())) {
        String detail = "the blob " + digest + " " + wrong.how();
        return Optional.of(finding(Kind.DAMAGED_BLOB, item, detail, digest));
      }
      // Somebody else has repaired it meanwhile, so it may be right by now.
    }
    return Optional.of(
        new Finding(
            Kind.UNREADABLE,
            item.name(),
            "the blob " + digest + " keeps being changed while it is hashed",
            Outcome.LEFT));
  }

  /** {@code how}: what its bytes do. {@code reason}: the same, for who looks at the quarantine. */
  private record Wrong(String how, String reason, Fingerprint file) {}

  private static Optional<Wrong> wrong(Inspection inspection) {
    return switch (inspection) {
      case Inspection.Sound _, Inspection.Missing _ -> Optional.empty();
      case Inspection.Damaged(Digest found, Fingerprint file) ->
          Optional.of(new Wrong("hashes to " + found, "verify found " + found, file));
      case Inspection.Unreadable(String why, Fingerprint file) ->
          Optional.of(new Wrong("cannot be read: " + why, "verify could not read it", file));
    };
  }

  /** One that was removed since it was listed is nothing wrong, nor one that nobody can have. */
  private Optional<Finding> missing(Digest digest, Item item) {
    boolean lost = catalog.checks().lost().contains(digest);
    if (!lost && !(store.find(digest) instanceof Lookup.Present)) {
      return Optional.empty();
    }
    if (lost && origins(item, digest).isEmpty()) {
      catalog.checks().forgetLost(digest);
      return Optional.empty();
    }
    return Optional.of(finding(Kind.MISSING_BLOB, item, "the blob " + digest + " is gone", digest));
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
      String detail =
          item.otherwiseNamed()
              ? "its link leads to %s, and the commit has %s there"
                  .formatted(
                      file.identity().<Object>map(named -> named).orElse(e.found()), e.expected())
              : "the file hashes to " + e.found() + ", its name says " + e.expected();
      return Optional.of(replaced(expected, item, detail));
    }
  }

  /** By the store's blob where that is sound, else by what the hub has. */
  private Finding replaced(Identity expected, Item item, String detail) {
    Kind kind = item.otherwiseNamed() ? Kind.REWRITTEN_LINK : Kind.DAMAGED_BLOB;
    Place place = item.place();
    boolean soundInStore =
        repair
            && mending.inStore(expected).map(store::inspect).orElse(null)
                instanceof Inspection.Sound;
    if (place == null || !soundInStore) {
      return finding(kind, item, detail, null);
    }
    try {
      mending.relink(place, expected);
      return new Finding(
          kind, item.name(), detail + "; replaced by a sound copy.", Outcome.REPAIRED);
    } catch (LarderException e) {
      String why = "; it could not be replaced: " + e.explanation();
      return new Finding(kind, item.name(), detail + why, Outcome.LEFT);
    }
  }

  private Finding finding(Kind kind, Item item, String detail, @Nullable Digest blob) {
    if (!repair) {
      return new Finding(kind, item.name(), detail, Outcome.LEFT);
    }
    SequencedSet<Place> origins = origins(item, blob);
    if (origins.isEmpty()) {
      if (blob != null) {
        catalog.checks().forgetLost(blob); // Nobody could ever find it again.
      }
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
