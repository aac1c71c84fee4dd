package dev.larder.catalog;

import dev.larder.content.Digest;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is known of the bytes of blobs: when they proved right, and which are gone. */
public interface CheckRows {
  /** When each blob was last hashed and found right. */
  Map<Digest, Instant> checked();

  void putChecked(Collection<Digest> digests, Instant at);

  void forgetChecked(Collection<Digest> digests);

  /** Blobs that disappeared or were quarantined, and that nobody brought here again. */
  Set<Digest> lost();

  /** Forgotten again by the next {@link Catalog#putBlob} of it. */
  void putLost(Collection<Digest> digests);

  void forgetLost(Digest digest);

  /** The newest one. */
  Optional<ScrubRow> lastScrub();

  /** Writes it, or what became of it. Keeps those of a few months. */
  void putScrub(ScrubRow row);

  /**
   * One night's part of the store: {@code shareBytes} are meant to be hashed, {@code bytes} in
   * {@code blobs} were. Without an end it runs, or was cut.
   */
  record ScrubRow(
      Instant begunAt,
      Optional<Instant> endedAt,
      long shareBytes,
      long blobs,
      long bytes,
      long found,
      long repaired) {}
}
