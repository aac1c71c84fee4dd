package dev.larder.store;

import dev.larder.content.Identity;
import dev.larder.store.Reservations.Reservation;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Attempts that nobody works on, oldest first. Whoever takes one has it alone. */
final class Parking {
  /** By part. */
  private final Map<Path, Parked> parked = new LinkedHashMap<>();

  /** An attempt that nobody works on, and its room. */
  record Parked(Attempt attempt, Reservation reservation) {
    Path part() {
      return attempt.part();
    }

    Path journal() {
      return attempt.journal();
    }

    /** Whether it is the same object, as far as its label was asked for. */
    boolean continues(Identity expected, long sizeBytes, Map<String, String> label) {
      return attempt.expected().equals(expected)
          && attempt.sizeBytes() == sizeBytes
          && attempt.label().entrySet().containsAll(label.entrySet());
    }
  }

  synchronized void put(Parked attempt) {
    parked.put(attempt.part(), attempt);
  }

  synchronized Optional<Parked> take(Identity expected, long sizeBytes, Map<String, String> label) {
    Optional<Parked> found =
        parked.values().stream()
            .filter(attempt -> attempt.continues(expected, sizeBytes, label))
            .findFirst();
    found.ifPresent(attempt -> parked.remove(attempt.part()));
    return found;
  }

  synchronized Optional<Parked> takeOldest() {
    Optional<Parked> oldest = parked.values().stream().findFirst();
    oldest.ifPresent(attempt -> parked.remove(attempt.part()));
    return oldest;
  }

  synchronized List<Parked> takeAll() {
    List<Parked> all = List.copyOf(parked.values());
    parked.clear();
    return all;
  }
}
