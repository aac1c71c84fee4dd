package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class EvictionPolicyTest {
  private static final long SECOND = 1_000_000_000L;

  private static Candidate model(String name, long bytes, long idleSeconds, long loadSeconds) {
    return new Candidate(Fixture.key(name), bytes, idleSeconds * SECOND, loadSeconds * SECOND);
  }

  private static List<String> plan(long missing, Candidate... idle) {
    return EvictionPolicy.plan(List.of(idle), missing).stream()
        .map(each -> each.key().name())
        .toList();
  }

  @Test
  void plan_nothingMissing_takesNone() {
    assertThat(plan(0, model("a", 10, 100, 1))).isEmpty();
    assertThat(plan(-5, model("a", 10, 100, 1))).isEmpty();
  }

  @Test
  void plan_longestIdle_goesFirst() {
    assertThat(plan(10, model("a", 10, 5, 1), model("b", 10, 50, 1), model("c", 10, 1, 1)))
        .containsExactly("b");
  }

  @Test
  void plan_slowToLoad_staysLonger() {
    assertThat(plan(10, model("slow", 10, 50, 60), model("fast", 10, 50, 1)))
        .containsExactly("fast");
  }

  @Test
  void plan_large_goesBeforeSmallOnes() {
    assertThat(plan(10, model("small", 10, 50, 5), model("large", 100, 50, 5)))
        .containsExactly("large");
  }

  @Test
  void plan_allOfThemTooLittle_takesNone() {
    assertThat(plan(21, model("a", 10, 1, 1), model("b", 10, 1, 1))).isEmpty();
  }

  @Test
  void plan_lastOneMakesAnEarlierNeedless_sparesIt() {
    // By worth the small one goes first; the large one, which must go as well, is enough.
    Candidate small = model("small", 10, 1000, 0);
    Candidate large = model("large", 100, 10, 10);

    assertThat(EvictionPolicy.worth(small)).isLessThan(EvictionPolicy.worth(large));
    assertThat(plan(60, small, large)).containsExactly("large");
  }

  @Test
  void plan_ofAnyModels_isEnoughAndNoneOfItNeedless() {
    Random random = new Random(7);
    for (int round = 0; round < 20_000; round++) {
      List<Candidate> idle = new ArrayList<>();
      for (int i = random.nextInt(8); i > 0; i--) {
        idle.add(model("m" + i, random.nextInt(50), random.nextInt(100), random.nextInt(20)));
      }
      long missing = random.nextInt(150);
      long there = idle.stream().mapToLong(Candidate::bytes).sum();

      List<Candidate> plan = EvictionPolicy.plan(idle, missing);

      long freed = plan.stream().mapToLong(Candidate::bytes).sum();
      if (missing > there) {
        assertThat(plan).isEmpty();
      } else {
        assertThat(freed).isGreaterThanOrEqualTo(missing);
        assertThat(plan).allMatch(each -> freed - each.bytes() < missing);
      }
    }
  }
}
