package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.SpaceRows;
import dev.larder.catalog.SpaceRows.EvictionRow;
import dev.larder.catalog.SpaceRows.PinRow;
import dev.larder.catalog.SpaceRows.WorthRow;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.store.StoreLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** {@link Budget} in the catalog of a location. Safe for concurrent use. */
public final class CatalogBudget implements Budget {
  /** A location that is away for longer than this may bring a pin back that was taken away. */
  private static final Duration REMEMBERED = Duration.ofDays(366);

  private final Catalog catalog;
  private final HubTree tree;
  private final StoreLimits limits;
  private final InstantSource clock;

  public CatalogBudget(Catalog catalog, HubTree tree, StoreLimits limits, InstantSource clock) {
    this.catalog = catalog;
    this.tree = tree;
    this.limits = limits;
    this.clock = clock;
  }

  /** Two at once would each find room for itself alone. */
  @Override
  public synchronized Pin pin(Wish wish) {
    Instant now = clock.instant();
    PinRow row =
        new PinRow(
            wish.repo(),
            wish.revision(),
            wish.owner(),
            now,
            wish.lifetime().map(now::plus),
            wish.note());
    List<PinRow> others = new ArrayList<>();
    for (PinRow each : space().pins()) {
      if (each.expiresAt().map(end -> end.plus(REMEMBERED)).filter(now::isAfter).isPresent()) {
        space().forgetPin(each);
      } else if (!same(each, row)) {
        others.add(each);
      }
    }
    checkLimit(row, others, now);
    space().putPin(row);
    return pins().stream()
        .filter(pin -> pin.owner().equals(row.owner()) && pin.target().equals(target(row)))
        .findFirst()
        .orElseThrow();
  }

  private SpaceRows space() {
    return catalog.space();
  }

  private static boolean same(PinRow a, PinRow b) {
    return a.repo().equals(b.repo())
        && a.revision().equals(b.revision())
        && a.owner().equals(b.owner());
  }

  private static String target(PinRow row) {
    return row.repo() + row.revision().map(at -> "@" + at).orElse("");
  }

  private void checkLimit(PinRow added, List<PinRow> others, Instant now) {
    if (limits.maxSizeBytes() == Long.MAX_VALUE) {
      return;
    }
    List<PinRow> all = new ArrayList<>(others);
    all.add(added);
    Pinned pinned = pinned(all, now);
    Map<Digest, Long> sizes = sizes();
    Set<Digest> kept = pinned.owners().keySet();
    long most = limits.maxSizeBytes() / 10 * 8;
    // What keeps nothing that is not kept already takes no room from anybody.
    boolean more = bytes(kept, sizes) > bytes(pinned(others, now).owners().keySet(), sizes);
    if (more && bytes(kept, sizes) > most) {
      throw new PinException.TooMuch(
          target(added), bytes(kept, sizes), most, told(pinned(others, now), sizes));
    }
  }

  private Pinned pinned(List<PinRow> pins, Instant now) {
    return Pinned.of(pins, space().needs(), new Meaning(catalog, tree), now);
  }

  private Map<Digest, Long> sizes() {
    return space().worths().stream()
        .collect(Collectors.toMap(WorthRow::digest, WorthRow::sizeBytes));
  }

  private static long bytes(Set<Digest> blobs, Map<Digest, Long> sizes) {
    return blobs.stream().map(sizes::get).filter(Objects::nonNull).mapToLong(size -> size).sum();
  }

  @Override
  public List<Pin> pins() {
    return told(pinned(space().pins(), clock.instant()), sizes());
  }

  private static List<Pin> told(Pinned pinned, Map<Digest, Long> sizes) {
    return pinned.byPin().entrySet().stream()
        .map(each -> told(each.getKey(), bytes(each.getValue(), sizes)))
        .toList();
  }

  private static Pin told(PinRow row, long bytes) {
    return new Pin(
        row.repo(),
        row.revision(),
        row.owner(),
        row.createdAt(),
        row.expiresAt(),
        row.note(),
        bytes);
  }

  @Override
  public synchronized Pin unpin(RepoId repo, Optional<Revision> revision, String owner) {
    List<Pin> there =
        pins().stream()
            .filter(pin -> pin.repo().equals(repo) && pin.revision().equals(revision))
            .toList();
    Pin pin =
        there.stream()
            .filter(each -> each.owner().equals(owner))
            .findFirst()
            .orElseThrow(
                () ->
                    new PinException.NoSuchPin(
                        repo + revision.map(at -> "@" + at).orElse(""),
                        owner,
                        there.stream().map(Pin::owner).toList()));
    Instant now = clock.instant();
    // Not forgotten: a location that is away now still has the pin, and is told when it is back.
    space().putPin(new PinRow(repo, revision, owner, now, Optional.of(now), pin.note()));
    return pin;
  }

  @Override
  public List<Evicted> evictions(Instant since) {
    return space().evictions(since, Eviction.MOST_RECORDS).stream()
        .map(CatalogBudget::told)
        .toList();
  }

  private static Evicted told(EvictionRow row) {
    return new Evicted(
        row.at(),
        row.digest().hex(),
        row.repo(),
        row.paths().stream().map(EntryPath::value).toList(),
        row.sizeBytes(),
        row.reason(),
        row.roomFor());
  }
}
