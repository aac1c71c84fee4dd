package dev.larder.upkeep;

import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.Sizes;
import dev.larder.store.BlobStore.QuarantinedFile;
import dev.larder.store.Lookup;
import dev.larder.upkeep.WhyReport.Fact;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What is known of bytes by their name. */
record BlobFacts(Why.Rooms rooms, QuarantineTold quarantine) {
  private static final int MOST_PLACES = 5;
  private static final String IN_QUARANTINE =
      "What stood for %s had other bytes and is in quarantine.";

  /** True when the store has them. */
  boolean add(Identity identity, List<Fact> facts) {
    Optional<Digest> digest = digest(identity);
    if (digest.isEmpty()) {
      facts.add(
          new Fact(
              "bytes",
              quarantined(identity).isPresent()
                  ? IN_QUARANTINE.formatted(identity.hex())
                  : "No bytes of this name were ever verified here."));
      return false;
    }
    Lookup found = rooms.store().find(digest.get());
    facts.add(
        new Fact(
            "bytes",
            switch (found) {
              case Lookup.Present(var blob, long size) ->
                  "The store has them: %s, %s.".formatted(Sizes.format(size), blob);
              case Lookup.Absent(var blob) ->
                  (quarantined(identity).isPresent() ? IN_QUARANTINE : "The store has no blob %s.")
                      .formatted(blob);
              case Lookup.Quarantined(var blob) -> IN_QUARANTINE.formatted(blob);
            }));
    return found instanceof Lookup.Present;
  }

  /** What lies in quarantine in its place. */
  Optional<QuarantinedFile> quarantined(Identity identity) {
    return quarantine.find(identity);
  }

  /** The SHA-256 of bytes of that name, where any were ever here. */
  Optional<Digest> digest(Identity identity) {
    return identity.digest(rooms.catalog()::blobOf);
  }

  /** Where entries have them. */
  void addPlaces(Identity identity, List<Fact> facts) {
    List<EntryRow> entries = digest(identity).map(rooms.catalog()::entriesOf).orElse(List.of());
    if (entries.isEmpty()) {
      facts.add(new Fact("named", "No file that is known here has these bytes."));
      return;
    }
    String places =
        entries.stream()
            .limit(MOST_PLACES)
            .map(e -> "%s@%s:%s".formatted(e.repo(), e.commit(), e.path()))
            .collect(Collectors.joining(", "));
    int more = entries.size() - Math.min(MOST_PLACES, entries.size());
    facts.add(new Fact("named", places + (more > 0 ? " and %d more.".formatted(more) : ".")));
  }
}
