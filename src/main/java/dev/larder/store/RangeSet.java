package dev.larder.store;

import dev.larder.content.ByteRange;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Which bytes of a file have landed: disjoint, merged ranges. Not safe for concurrent use. */
final class RangeSet {
  /** Start to end (exclusive). No two touch. */
  private final TreeMap<Long, Long> ranges = new TreeMap<>();

  /** Adds {@code [start, end)}; nothing when it is empty. */
  void add(long start, long end) {
    if (start >= end) {
      return;
    }
    long from = start;
    long to = end;
    Map.Entry<Long, Long> before = ranges.floorEntry(start);
    if (before != null && before.getValue() >= start) {
      from = before.getKey();
      to = Math.max(to, before.getValue());
    }
    var touched = ranges.subMap(from, true, to, true);
    if (!touched.isEmpty()) {
      to = Math.max(to, touched.lastEntry().getValue());
      touched.clear();
    }
    ranges.put(from, to);
  }

  /** End of the range that holds {@code position}; {@code position} when none does. */
  long endAt(long position) {
    Map.Entry<Long, Long> entry = ranges.floorEntry(position);
    return entry == null ? position : Math.max(position, entry.getValue());
  }

  /** Start of the first range that ends after {@code position}, not before it; or {@code none}. */
  long nextFrom(long position, long none) {
    if (endAt(position) > position) {
      return position;
    }
    Long next = ranges.ceilingKey(position);
    return next == null ? none : next;
  }

  /** What of {@code [start, end)} has not landed. */
  List<ByteRange> missing(long start, long end) {
    List<ByteRange> gaps = new ArrayList<>();
    long at = endAt(start);
    while (at < end) {
      long next = Math.min(nextFrom(at, end), end);
      gaps.add(new ByteRange(at, next));
      at = endAt(next);
    }
    return gaps;
  }

  List<ByteRange> ranges() {
    List<ByteRange> all = new ArrayList<>(ranges.size());
    ranges.forEach((start, end) -> all.add(new ByteRange(start, end)));
    return all;
  }

  long totalBytes() {
    long total = 0;
    for (Map.Entry<Long, Long> range : ranges.entrySet()) {
      total += range.getValue() - range.getKey();
    }
    return total;
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  void clear() {
    ranges.clear();
  }
}
