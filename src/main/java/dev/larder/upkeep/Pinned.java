package dev.larder.upkeep;

import dev.larder.catalog.SpaceRows.NeedRow;
import dev.larder.catalog.SpaceRows.PinRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which blobs pins keep. A pin of a revision keeps what the revision {@link Meaning means} now;
 * while nobody here knows which that is, it keeps all of the repo.
 *
 * @param byPin the blobs of each pin that is not over
 */
record Pinned(Map<PinRow, Set<Digest>> byPin) {
  static Pinned of(
      Collection<PinRow> pins, Collection<NeedRow> needs, Meaning meaning, Instant now) {
    List<PinRow> live = pins.stream().filter(pin -> isLive(pin, now)).toList();
    Map<PinRow, Set<Digest>> byPin = new LinkedHashMap<>();
    for (PinRow pin : live) {
      Set<Commit> only = pin.revision().map(at -> meaning.of(pin.repo(), at)).orElse(Set.of());
      Set<Digest> kept = new HashSet<>();
      for (NeedRow need : needs) {
        if (need.repo().equals(pin.repo()) && (only.isEmpty() || only.contains(need.commit()))) {
          kept.add(need.digest());
        }
      }
      byPin.put(pin, Set.copyOf(kept));
    }
    return new Pinned(byPin);
  }

  static boolean isLive(PinRow pin, Instant now) {
    return pin.expiresAt().map(now::isBefore).orElse(true);
  }

  /** Whose pin keeps each blob: the first one's where there are several. */
  Map<Digest, String> owners() {
    Map<Digest, String> owners = new HashMap<>();
    byPin.forEach((pin, blobs) -> blobs.forEach(blob -> owners.putIfAbsent(blob, pin.owner())));
    return owners;
  }
}
