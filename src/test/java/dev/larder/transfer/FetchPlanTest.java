package dev.larder.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.ByteRange;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FetchPlanTest {
  private static final FetchPlan PLAN = new FetchPlan(1000, 100);

  private static ByteRange range(long start, long end) {
    return new ByteRange(start, end);
  }

  private static Want whole(long position) {
    return new Want(position, ByteRange.whole(1000), true);
  }

  private static Want part(long start, long end) {
    return new Want(start, range(start, end), false);
  }

  @Test
  void nothingWanted_nothingIsFetched() {
    assertThat(PLAN.next(List.of(), List.of(), 100)).isEmpty();
  }

  @Test
  void wholeFile_cold_startsAtTheFrontWithOneSegment() {
    assertThat(PLAN.next(List.of(), List.of(whole(0)), 100)).contains(range(0, 100));
  }

  @Test
  void moreThanATileAsked_endsWhereATileEnds() {
    assertThat(PLAN.next(List.of(range(0, 130)), List.of(whole(0)), 250)).contains(range(130, 300));
  }

  @Test
  void gap_afterAPart_endsWhereItsTileEnds() {
    assertThat(PLAN.next(List.of(range(0, 130)), List.of(whole(0)), 100)).contains(range(130, 200));
  }

  @Test
  void gap_beforeAPart_endsWhereThePartBegins() {
    assertThat(PLAN.next(List.of(range(40, 130)), List.of(whole(0)), 100)).contains(range(0, 40));
  }

  @Test
  void loneRange_comesBeforeTheWholeFile() {
    assertThat(PLAN.next(List.of(), List.of(whole(0), part(550, 560)), 100))
        .contains(range(550, 560));
  }

  @Test
  void loneRange_isNotFetchedBeyondItsEnd() {
    assertThat(PLAN.next(List.of(range(550, 560)), List.of(part(550, 560)), 100)).isEmpty();
  }

  @Test
  void readerLeastFarAlong_comesFirst() {
    assertThat(PLAN.next(List.of(), List.of(whole(700), whole(300)), 100))
        .contains(range(300, 400));
  }

  @Test
  void wholeReader_aheadCovered_fetchesWhatVerificationNeedsBehindIt() {
    assertThat(PLAN.next(List.of(range(500, 1000)), List.of(whole(500)), 100))
        .contains(range(0, 100));
  }

  @Test
  void all_covered_nothingIsLeft() {
    assertThat(PLAN.next(List.of(range(0, 1000)), List.of(whole(0), part(3, 4)), 100)).isEmpty();
  }

  @Test
  void merge_joinsNeighboursAndOverlaps() {
    assertThat(
            FetchPlan.merge(
                List.of(range(0, 10), range(50, 60)), List.of(range(10, 20), range(55, 70))))
        .containsExactly(range(0, 20), range(50, 70));
  }

  @Test
  void anyWants_followedToTheEnd_fetchEachWantedByteOnce() {
    for (long seed = 0; seed < 200; seed++) {
      Random random = new Random(seed);
      List<Want> wants = new ArrayList<>();
      BitSet wanted = new BitSet();
      for (int i = 0; i <= random.nextInt(4); i++) {
        boolean whole = random.nextInt(3) == 0;
        int start = random.nextInt(1000);
        int end = start + 1 + random.nextInt(1000 - start);
        wants.add(whole ? whole(start) : part(start, end));
        wanted.set(whole ? 0 : start, whole ? 1000 : end);
      }
      BitSet fetched = new BitSet();
      List<ByteRange> covered = List.of();
      for (Optional<ByteRange> next = PLAN.next(covered, wants, 100);
          next.isPresent();
          next = PLAN.next(covered, wants, 100)) {
        ByteRange got = next.get();
        int overlap = fetched.get((int) got.start(), (int) got.end()).cardinality();
        assertThat(overlap).as("seed %d, %s", seed, got).isZero();
        assertThat(got.length()).as("seed %d, %s", seed, got).isBetween(1L, 100L);
        fetched.set((int) got.start(), (int) got.end());
        covered = FetchPlan.merge(covered, List.of(got));
      }
      assertThat(fetched).as("seed %d", seed).isEqualTo(wanted);
    }
  }
}
