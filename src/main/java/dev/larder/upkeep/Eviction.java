package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.SpaceRows.EvictionRow;
import dev.larder.catalog.SpaceRows.NeedRow;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.store.StoreException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes one blob after the other off the disk, and writes down which, why and for what. */
final class Eviction {
  /** As many records are kept. */
  static final int MOST_RECORDS = 10_000;

  /** Of one record: a blob that stands in a thousand snapshots is known by some of them. */
  private static final int MOST_PATHS = 20;

  private static final Logger LOG = LoggerFactory.getLogger(Eviction.class);

  private final BlobRemoval removal;
  private final Catalog catalog;
  private final Ballast ballast;
  private final InstantSource clock;

  Eviction(BlobRemoval removal, Catalog catalog, Ballast ballast, InstantSource clock) {
    this.removal = removal;
    this.catalog = catalog;
    this.ballast = ballast;
    this.clock = clock;
  }

  /** What became of one victim: bytes that came free, or why it stays. */
  record Outcome(long freedBytes, Optional<Hold> stays) {}

  /** What stands against it, seen on the disk: it takes longer to see than a plan may. */
  Optional<Hold> stays(Candidate victim) {
    try {
      return removal.foreign(victim.digest()).map(_ -> Hold.of(Hold.Kind.FOREIGN));
    } catch (LarderException e) {
      return stuck(victim, e).stays();
    }
  }

  /** {@code needs}: the rows that name it. {@code roomFor}: what the space is wanted for. */
  Outcome evict(Candidate victim, List<NeedRow> needs, String roomFor) {
    Instant now = clock.instant();
    try {
      return switch (removed(victim.digest())) {
        case Removed.Freed(long bytes) -> {
          record(victim, needs, roomFor, now);
          yield new Outcome(bytes, Optional.empty());
        }
        case Removed.Held() -> stays(Hold.Kind.LEASED);
        case Removed.Foreign _ -> stays(Hold.Kind.FOREIGN);
        case Removed.Absent() -> new Outcome(0, Optional.empty());
      };
    } catch (LarderException e) {
      return stuck(victim, e);
    }
  }

  private static Outcome stuck(Candidate victim, LarderException why) {
    LOG.atWarn()
        .addKeyValue("blob", victim.digest())
        .addKeyValue("code", why.code())
        .log("a blob could not be evicted: {}", why.explanation());
    return stays(Hold.Kind.STUCK);
  }

  /** Where not even the note that a blob goes has room, the ballast gives it. */
  private Removed removed(Digest digest) {
    try {
      return removal.remove(digest);
    } catch (LarderException e) {
      if (StoreException.isWantOfRoom(e) && ballast.giveUp()) {
        return removal.remove(digest);
      }
      throw e;
    }
  }

  private static Outcome stays(Hold.Kind why) {
    return new Outcome(0, Optional.of(Hold.of(why)));
  }

  private void record(Candidate victim, List<NeedRow> needs, String roomFor, Instant now) {
    String reason = victim.reason(now);
    Map<RepoId, List<EntryPath>> places =
        needs.stream()
            .collect(
                Collectors.groupingBy(
                    NeedRow::repo,
                    TreeMap::new,
                    Collectors.mapping(NeedRow::path, Collectors.toList())));
    LOG.atInfo()
        .addKeyValue("event", "evict")
        .addKeyValue("blob", victim.digest())
        .addKeyValue("bytes", victim.sizeBytes())
        .addKeyValue("repos", places.keySet())
        .addKeyValue("reason", reason)
        .addKeyValue("for", roomFor)
        .log("Evicted");
    try {
      catalog
          .space()
          .addEvictions(
              rows(places)
                  .map(
                      place ->
                          new EvictionRow(
                              now,
                              victim.digest(),
                              place.repo(),
                              place.paths(),
                              victim.sizeBytes(),
                              reason,
                              roomFor))
                  .toList(),
              MOST_RECORDS);
    } catch (LarderException e) {
      LOG.atWarn().log("an eviction could not be written down: {}", e.explanation());
    }
  }

  private record Place(Optional<RepoId> repo, List<EntryPath> paths) {}

  private static Stream<Place> rows(Map<RepoId, List<EntryPath>> places) {
    return places.isEmpty()
        ? Stream.of(new Place(Optional.empty(), List.of()))
        : places.entrySet().stream()
            .map(
                each ->
                    new Place(
                        Optional.of(each.getKey()),
                        each.getValue().stream().distinct().sorted().limit(MOST_PATHS).toList()));
  }
}
