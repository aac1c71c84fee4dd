package dev.larder.upkeep;

import dev.larder.catalog.CheckRows.ScrubRow;
import dev.larder.content.Digest;
import dev.larder.store.BlobStore.StoredBlob;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Decides what a scrub hashes and when. Looks at nothing but its arguments. */
final class ScrubPlan {
  /** In so many nights every blob has its turn: a month, less two nights that may be missed. */
  static final int NIGHTS = 28;

  /** A night may begin so late, when nobody was there in time. */
  private static final Duration LATE = Duration.ofHours(3);

  private static final Duration DAY = Duration.ofDays(1);

  private ScrubPlan() {}

  /** What was checked longest ago comes first. {@code checked} knows each of {@code blobs}. */
  static List<StoredBlob> inTurn(List<StoredBlob> blobs, Map<Digest, Instant> checked) {
    return blobs.stream()
        .sorted(
            Comparator.comparing((StoredBlob blob) -> at(blob, checked))
                .thenComparing(blob -> blob.digest().hex()))
        .toList();
  }

  private static Instant at(StoredBlob blob, Map<Digest, Instant> checked) {
    return checked.getOrDefault(blob.digest(), Instant.EPOCH);
  }

  /** How much one night hashes of {@code storedBytes}. */
  static long share(long storedBytes) {
    return Math.ceilDiv(storedBytes, NIGHTS);
  }

  /**
   * Whether a night has done its share and the next blob, hashed at {@code checkedAt}, can wait.
   */
  static boolean enough(ScrubRow night, Instant checkedAt) {
    return night.bytes() >= night.shareBytes()
        && checkedAt.isAfter(night.begunAt().minus(DAY.multipliedBy(NIGHTS)));
  }

  /** How many days it takes until every blob had its turn, at {@code rateBytes} a second. */
  static long cycleDays(long storedBytes, long rateBytes) {
    // Compared the other way round: what a fast one could do in a day may be more than a long.
    long daily =
        rateBytes > share(storedBytes) / DAY.toSeconds()
            ? share(storedBytes)
            : rateBytes * DAY.toSeconds();
    return daily <= 0 ? NIGHTS : Math.max(NIGHTS, Math.ceilDiv(storedBytes, daily));
  }

  /**
   * Whether to hash now: at the hour of every night, and at any time what was cut within the last
   * day or what nobody was there for in two nights.
   */
  static boolean due(ScrubRow last, Instant now, LocalTime hour, ZoneId zone) {
    if (unfinished(last, now)) {
      return true;
    }
    Instant slot = latest(now, hour, zone);
    return last.begunAt().isBefore(slot)
        && (now.isBefore(slot.plus(LATE)) || last.begunAt().isBefore(slot.minus(DAY)));
  }

  /** Whether {@code last} was cut, and so lately that it goes on. */
  static boolean unfinished(ScrubRow last, Instant now) {
    return last.endedAt().isEmpty() && now.isBefore(last.begunAt().plus(DAY));
  }

  /** When the next night begins. */
  static Instant next(Instant now, LocalTime hour, ZoneId zone) {
    ZonedDateTime latest = latest(now, hour, zone).atZone(zone);
    return latest.toLocalDate().plusDays(1).atTime(hour).atZone(zone).toInstant();
  }

  private static Instant latest(Instant now, LocalTime hour, ZoneId zone) {
    ZonedDateTime today = now.atZone(zone).toLocalDate().atTime(hour).atZone(zone);
    return today.toInstant().isAfter(now)
        ? now.atZone(zone).toLocalDate().minusDays(1).atTime(hour).atZone(zone).toInstant()
        : today.toInstant();
  }

  /** The row of a night that begins. */
  static ScrubRow begin(Instant now, long storedBytes) {
    return new ScrubRow(now, Optional.empty(), share(storedBytes), 0, 0, 0, 0);
  }
}
