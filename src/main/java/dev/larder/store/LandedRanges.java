package dev.larder.store;

import dev.larder.content.ByteRange;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What has landed of one attempt, and what of that the journal does not say yet. Safe for
 * concurrent use; its lock is never held across I/O.
 */
final class LandedRanges {
  private static final long RECORD_BYTES = 1 << 20;

  private final RangeSet landed;
  private final RangeSet unrecorded = new RangeSet();
  private final Map<String, String> notes = new LinkedHashMap<>();
  private final Map<String, String> unrecordedNotes = new LinkedHashMap<>();
  private long totalBytes;
  private long unrecordedBytes;

  LandedRanges(RangeSet landed) {
    this.landed = landed;
    this.totalBytes = landed.totalBytes();
  }

  /** What is to be journalled now; perhaps nothing. */
  record Batch(List<ByteRange> ranges, Map<String, String> notes) {
    static final Batch NONE = new Batch(List.of(), Map.of());

    void record(Journal journal) throws IOException {
      if (!ranges.isEmpty() || !notes.isEmpty()) {
        journal.landed(ranges, notes);
      }
    }
  }

  /** Answers a batch once enough has come together. */
  synchronized Batch add(long start, long end) {
    for (ByteRange gap : landed.missing(start, end)) {
      unrecorded.add(gap.start(), gap.end());
      unrecordedBytes += gap.length();
      totalBytes += gap.length();
    }
    landed.add(start, end);
    return unrecordedBytes >= RECORD_BYTES ? drain() : Batch.NONE;
  }

  synchronized Batch drain() {
    Batch batch = new Batch(unrecorded.ranges(), Map.copyOf(unrecordedNotes));
    unrecorded.clear();
    unrecordedNotes.clear();
    unrecordedBytes = 0;
    return batch;
  }

  synchronized void note(String key, String value) {
    notes.put(key, value);
    unrecordedNotes.put(key, value);
  }

  synchronized Map<String, String> labelled(Map<String, String> label) {
    Map<String, String> all = new LinkedHashMap<>(label);
    all.putAll(notes);
    return Map.copyOf(all);
  }

  synchronized List<ByteRange> missing(long start, long end) {
    return landed.missing(start, end);
  }

  synchronized List<ByteRange> ranges() {
    return landed.ranges();
  }

  synchronized long endAt(long position) {
    return landed.endAt(position);
  }

  synchronized long nextFrom(long position, long none) {
    return landed.nextFrom(position, none);
  }

  synchronized long totalBytes() {
    return totalBytes;
  }
}
