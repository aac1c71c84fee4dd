package dev.larder.transfer;

import dev.larder.content.ByteRange;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Decides which bytes to ask for next. Pure: the same wants and the same coverage give the same
 * answer.
 *
 * <p>A reader of a lone range comes before readers of the whole file, since it waits for exactly
 * these bytes; among equals the one who is least far along comes first. Behind a reader's position
 * comes what verification needs.
 */
record FetchPlan(long sizeBytes, long tileBytes) {
  /**
   * Bytes to fetch next, about {@code mostBytes}; empty when all that is wanted is covered. {@code
   * covered}: landed or being fetched, ascending.
   */
  Optional<ByteRange> next(List<ByteRange> covered, List<Want> wants, long mostBytes) {
    List<Want> ordered = new ArrayList<>(wants);
    ordered.sort(Comparator.comparing(Want::wholeFile).thenComparingLong(Want::position));
    for (Want want : ordered) {
      Optional<ByteRange> ahead = firstGap(covered, want.position(), want.range().end());
      if (ahead.isPresent()) {
        return ahead.map(gap -> segment(gap, mostBytes));
      }
    }
    return ordered.stream().anyMatch(Want::wholeFile)
        ? firstGap(covered, 0, sizeBytes).map(gap -> segment(gap, mostBytes))
        : Optional.empty();
  }

  /** Cut where a tile of the file ends: neighbours never overlap by a rounding. */
  private ByteRange segment(ByteRange gap, long mostBytes) {
    long tiles = Math.max(1, mostBytes / tileBytes);
    long tileEnd = (gap.start() / tileBytes + tiles) * tileBytes;
    return new ByteRange(gap.start(), Math.min(gap.end(), tileEnd));
  }

  private static Optional<ByteRange> firstGap(List<ByteRange> covered, long from, long to) {
    long start = from;
    for (ByteRange range : covered) {
      if (range.end() <= start) {
        continue;
      }
      if (range.start() > start) {
        break;
      }
      start = range.end();
    }
    if (start >= to) {
      return Optional.empty();
    }
    long end = to;
    for (ByteRange range : covered) {
      if (range.start() > start) {
        end = Math.min(end, range.start());
        break;
      }
    }
    return Optional.of(new ByteRange(start, end));
  }

  /** How many bytes of the file are not in {@code covered}. */
  long uncovered(List<ByteRange> covered) {
    return sizeBytes - covered.stream().mapToLong(ByteRange::length).sum();
  }

  /** {@code a} and {@code b} as one ascending list without overlaps. */
  static List<ByteRange> merge(List<ByteRange> a, List<ByteRange> b) {
    List<ByteRange> all = new ArrayList<>(a);
    all.addAll(b);
    all.sort(Comparator.comparingLong(ByteRange::start));
    List<ByteRange> merged = new ArrayList<>();
    for (ByteRange range : all) {
      ByteRange last = merged.isEmpty() ? null : merged.getLast();
      if (last != null && range.start() <= last.end()) {
        merged.set(
            merged.size() - 1, new ByteRange(last.start(), Math.max(last.end(), range.end())));
      } else {
        merged.add(range);
      }
    }
    return merged;
  }
}
