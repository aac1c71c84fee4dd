package dev.larder.upkeep;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.SpaceRows.PinRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The pins of a catalog, read anew for each question. */
public record CatalogPins(Catalog catalog, HubTree tree, InstantSource clock) implements Pins {
  @Override
  public Optional<String> on(RepoId repo, Optional<Commit> commit) {
    return live().stream()
        .filter(pin -> pin.repo().equals(repo))
        .filter(pin -> commit.isEmpty() || keeps(pin, commit.get()))
        .findFirst()
        .map(
            pin ->
                "is pinned by %s ('larder pin rm --owner %s %s%s' takes the pin away)"
                    .formatted(
                        pin.owner(),
                        pin.owner(),
                        pin.repo(),
                        pin.revision().map(at -> "@" + at).orElse("")));
  }

  @Override
  public Set<Digest> blobs() {
    List<PinRow> pins = live();
    return pins.isEmpty()
        ? Set.of()
        : Pinned.of(pins, catalog.space().needs(), meaning(), clock.instant()).owners().keySet();
  }

  /** Those of which something is pinned. */
  public Set<RepoId> repos() {
    return live().stream().map(PinRow::repo).collect(Collectors.toUnmodifiableSet());
  }

  private List<PinRow> live() {
    return catalog.space().pins().stream()
        .filter(pin -> Pinned.isLive(pin, clock.instant()))
        .toList();
  }

  private Meaning meaning() {
    return new Meaning(catalog, tree);
  }

  /** While nobody here knows what its revision means, a pin keeps all of the repo. */
  private boolean keeps(PinRow pin, Commit commit) {
    Set<Commit> only = pin.revision().map(at -> meaning().of(pin.repo(), at)).orElse(Set.of());
    return only.isEmpty() || only.contains(commit);
  }
}
