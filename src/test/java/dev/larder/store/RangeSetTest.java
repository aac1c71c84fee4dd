package dev.larder.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class RangeSetTest {
  private static final int SIZE = 200;

  @Test
  void everyQuestion_randomRanges_answersAsABitSet() {
    for (long seed = 0; seed < 300; seed++) {
      Random random = new Random(seed);
      RangeSet ranges = new RangeSet();
      BitSet bits = new BitSet();
      for (int i = 0; i < 25; i++) {
        int start = random.nextInt(SIZE);
        int end = Math.min(SIZE, start + random.nextInt(random.nextInt(4) == 0 ? 60 : 8));
        ranges.add(start, end);
        bits.set(start, Math.max(start, end));
        checkSame(ranges, bits, random, "seed " + seed);
      }
    }
  }

  private static void checkSame(RangeSet ranges, BitSet bits, Random random, String what) {
    assertThat(ranges.ranges()).as(what).isEqualTo(runs(bits, 0, SIZE, true));
    assertThat(ranges.totalBytes()).as(what).isEqualTo(bits.cardinality());
    for (int at = 0; at < SIZE; at++) {
      int next = bits.nextSetBit(at);
      assertThat(ranges.endAt(at)).as(what).isEqualTo(bits.nextClearBit(at));
      assertThat(ranges.nextFrom(at, SIZE)).as(what).isEqualTo(next < 0 ? SIZE : next);
    }
    int start = random.nextInt(SIZE);
    int end = start + random.nextInt(SIZE - start + 1);
    assertThat(ranges.missing(start, end)).as(what).isEqualTo(runs(bits, start, end, false));
  }

  private static List<ByteRange> runs(BitSet bits, int start, int end, boolean value) {
    List<ByteRange> runs = new ArrayList<>();
    int from = -1;
    for (int at = start; at <= end; at++) {
      boolean in = at < end && bits.get(at) == value;
      if (in && from < 0) {
        from = at;
      } else if (!in && from >= 0) {
        runs.add(new ByteRange(from, at));
        from = -1;
      }
    }
    return runs;
  }
}
