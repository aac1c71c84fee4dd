package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.CheckRows.ScrubRow;
import dev.larder.content.Digest;
import dev.larder.store.BlobStore.StoredBlob;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScrubPlanTest {
  private static final LocalTime THREE = LocalTime.of(3, 0);
  private static final Instant NIGHT = Instant.parse("2026-01-10T03:00:00Z");

  private static boolean due(ScrubRow last, Instant now) {
    return ScrubPlan.due(last, now, THREE, ZoneOffset.UTC);
  }

  private static ScrubRow ended(Instant begun) {
    return new ScrubRow(begun, Optional.of(begun.plusSeconds(60)), 1, 1, 1, 0, 0);
  }

  private static Instant at(String time) {
    return Instant.parse("2026-01-" + time + ":00Z");
  }

  @Test
  void due_onceEachNight() {
    ScrubRow last = ended(NIGHT);

    assertThat(due(last, at("10T03:05"))).isFalse();
    assertThat(due(last, at("11T02:59"))).isFalse();
    assertThat(due(last, at("11T03:00"))).isTrue();
    assertThat(due(ended(at("11T03:00")), at("11T03:01"))).isFalse();
  }

  @Test
  void due_nightMissed_waitsForTheNextOneAndNotForTwo() {
    assertThat(due(ended(NIGHT), at("11T05:59"))).isTrue();
    assertThat(due(ended(NIGHT), at("11T09:00"))).isFalse();
    assertThat(due(ended(NIGHT), at("12T09:00"))).as("two nights missed").isTrue();
  }

  @Test
  void due_runThatWasCut_goesOnAtAnyTimeOfTheDay() {
    ScrubRow cut = new ScrubRow(NIGHT, Optional.empty(), 9, 1, 1, 0, 0);

    assertThat(due(cut, at("10T14:00"))).isTrue();
    assertThat(ScrubPlan.unfinished(cut, at("10T14:00"))).isTrue();
    assertThat(ScrubPlan.unfinished(cut, at("11T03:00"))).as("a new night").isFalse();
    assertThat(due(cut, at("11T03:00"))).isTrue();
  }

  @Test
  void due_hourIsThatOfTheMachine() {
    ZoneId tokyo = ZoneId.of("Asia/Tokyo");

    assertThat(ScrubPlan.due(ended(at("10T18:00")), at("11T17:59"), THREE, tokyo)).isFalse();
    assertThat(ScrubPlan.due(ended(at("10T18:00")), at("11T18:00"), THREE, tokyo)).isTrue();
    assertThat(ScrubPlan.next(at("11T18:01"), THREE, tokyo)).isEqualTo(at("12T18:00"));
  }

  @Test
  void inTurn_whatWasCheckedLongestAgoComesFirst() {
    StoredBlob a = new StoredBlob(new Digest("a".repeat(64)), 1);
    StoredBlob b = new StoredBlob(new Digest("b".repeat(64)), 1);
    StoredBlob c = new StoredBlob(new Digest("c".repeat(64)), 1);

    assertThat(
            ScrubPlan.inTurn(
                List.of(c, b, a),
                Map.of(
                    a.digest(), NIGHT,
                    b.digest(), NIGHT.minus(Duration.ofDays(2)),
                    c.digest(), NIGHT)))
        .containsExactly(b, a, c);
  }

  @Test
  void cycleDays_growWhenTheRateIsTooSmall() {
    long tera = 1_000_000_000_000L;

    assertThat(ScrubPlan.cycleDays(10 * tera, 20_000_000)).isEqualTo(28);
    assertThat(ScrubPlan.cycleDays(100 * tera, 20_000_000)).isEqualTo(58);
    assertThat(ScrubPlan.cycleDays(0, 20_000_000)).isEqualTo(28);
    assertThat(ScrubPlan.cycleDays(10 * tera, 200 * tera)).isEqualTo(28);
    assertThat(ScrubPlan.cycleDays(10 * tera, 1)).isEqualTo(115_740_741);
  }
}
