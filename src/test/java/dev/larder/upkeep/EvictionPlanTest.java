package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Who goes and who stays, as a table and by its laws. */
final class EvictionPlanTest {
  private static final Instant NOW = Instant.parse("2026-06-01T12:00:00Z");
  private static final RepoId A = RepoId.model("org/a");
  private static final RepoId B = RepoId.model("org/b");
  private static final int MB = 1_000_000;
  private static final int RUNS = 3_000;

  /** A blob of 10 MB in the newest snapshot of A, unless told otherwise. */
  private record Blob(
      String name,
      long idleHours,
      long mb,
      boolean young,
      RefetchCost refetch,
      Set<RepoId> newest,
      Set<RepoId> older,
      Optional<Hold> hold) {
    static Blob of(String name, long idleHours) {
      return new Blob(
          name, idleHours, 10, false, RefetchCost.EASY, Set.of(A), Set.of(), Optional.empty());
    }

    Blob mb(long size) {
      return new Blob(name, idleHours, size, young, refetch, newest, older, hold);
    }

    Blob fresh() {
      return new Blob(name, idleHours, mb, true, refetch, newest, older, hold);
    }

    Blob refetched(RefetchCost how) {
      return new Blob(name, idleHours, mb, young, how, newest, older, hold);
    }

    Blob in(Set<RepoId> newestOf, Set<RepoId> olderOf) {
      return new Blob(name, idleHours, mb, young, refetch, newestOf, olderOf, hold);
    }

    Blob held(Hold.Kind why) {
      return new Blob(
          name, idleHours, mb, young, refetch, newest, older, Optional.of(Hold.of(why)));
    }

    Candidate candidate() {
      return new Candidate(
          digest(name),
          mb * MB,
          NOW.minus(Duration.ofHours(idleHours)),
          young,
          refetch,
          newest,
          older,
          hold);
    }
  }

  private static Digest digest(String name) {
    return new Digest(String.format("%064x", name.chars().reduce(7, (h, c) -> h * 31 + c)));
  }

  private static EvictionPlan plan(long wantedMb, Blob... blobs) {
    return EvictionPlan.of(Stream.of(blobs).map(Blob::candidate).toList(), wantedMb * MB, NOW);
  }

  private static List<Digest> victims(EvictionPlan plan) {
    return plan.victims().stream().map(Candidate::digest).toList();
  }

  static Stream<Arguments> whoGoesFirst() {
    return Stream.of(
        Arguments.of("used longest ago", Blob.of("x", 9), Blob.of("y", 8)),
        Arguments.of(
            "no snapshot needs it", Blob.of("x", 1).in(Set.of(), Set.of()), Blob.of("y", 9)),
        Arguments.of(
            "only an older snapshot of the repo has it",
            Blob.of("x", 1).in(Set.of(), Set.of(A)),
            Blob.of("y", 9)),
        Arguments.of(
            "also when the older one came just now",
            Blob.of("x", 0).fresh().in(Set.of(), Set.of(A)),
            Blob.of("y", 9)),
        Arguments.of(
            "an older snapshot of another repo has no precedence",
            Blob.of("x", 9),
            Blob.of("y", 1).in(Set.of(), Set.of(B))),
        Arguments.of(
            "the hub gives it to anybody",
            Blob.of("x", 6),
            Blob.of("y", 9).refetched(RefetchCost.WITH_RIGHTS)),
        Arguments.of(
            "rights outweigh half of the time and no more",
            Blob.of("x", 13).refetched(RefetchCost.WITH_RIGHTS),
            Blob.of("y", 6)),
        Arguments.of(
            "known to be on the hub",
            Blob.of("x", 1).fresh(),
            Blob.of("y", 900).refetched(RefetchCost.MAYBE_NOT)),
        Arguments.of("not of this hour", Blob.of("x", 2), Blob.of("y", 9).fresh()),
        Arguments.of("large enough to matter", Blob.of("x", 3), Blob.of("y", 9).mb(0)),
        Arguments.of("small, but out of use for long", Blob.of("x", 50).mb(0), Blob.of("y", 9)),
        Arguments.of("as idle, and larger", Blob.of("x", 9).mb(11), Blob.of("y", 9)));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource
  void whoGoesFirst(String why, Blob first, Blob second) {
    for (EvictionPlan plan : List.of(plan(1, first, second), plan(1, second, first))) {
      assertThat(victims(plan)).as(why).startsWith(digest(first.name()));
      assertThat(plan.enough()).isEqualTo(plan.freedBytes() >= MB);
    }
  }

  @Test
  void noMoreGoesThanIsNeeded() {
    EvictionPlan plan = plan(15, Blob.of("a", 1), Blob.of("b", 3), Blob.of("c", 2));
    assertThat(victims(plan)).containsExactly(digest("b"), digest("c"));
    assertThat(plan.freedBytes()).isEqualTo(20L * MB);
    assertThat(plan.enough()).isTrue();
    assertThat(plan(0, Blob.of("a", 1)).victims()).isEmpty();
  }

  @Test
  void whatIsHeldStays_andIsTold() {
    EvictionPlan plan =
        plan(
            25,
            Blob.of("a", 900).held(Hold.Kind.LEASED),
            Blob.of("b", 800).held(Hold.Kind.IN_FLIGHT),
            Blob.of("c", 700).held(Hold.Kind.LEASED).mb(3),
            Blob.of("d", 1));
    assertThat(victims(plan)).containsExactly(digest("d"));
    assertThat(plan.enough()).isFalse();
    assertThat(plan.held())
        .isEqualTo(
            Map.of(Hold.of(Hold.Kind.LEASED), 13L * MB, Hold.of(Hold.Kind.IN_FLIGHT), 10L * MB));
  }

  @Test
  void newestOfTwoRepos_waitsForTheOlderOnesOfBoth() {
    EvictionPlan plan =
        plan(
            100,
            Blob.of("shared", 99).in(Set.of(A, B), Set.of()),
            Blob.of("old-a", 1).in(Set.of(), Set.of(A)),
            Blob.of("old-b", 2).in(Set.of(), Set.of(B)),
            Blob.of("kept", 3).in(Set.of(A), Set.of(B)));
    assertThat(victims(plan).subList(0, 2))
        .containsExactlyInAnyOrder(digest("old-a"), digest("old-b"));
    assertThat(victims(plan).get(2)).isEqualTo(digest("shared"));
  }

  @Test
  void reasons_sayWhatDecided() {
    assertThat(Blob.of("x", 50).candidate().reason(NOW)).isEqualTo("not used for 2 days");
    assertThat(Blob.of("x", 5).in(Set.of(), Set.of(A)).candidate().reason(NOW))
        .isEqualTo("only older snapshots have it, not used for 5 hours");
    assertThat(Blob.of("x", 0).fresh().candidate().reason(NOW))
        .isEqualTo("not used for 0 s, and nothing older could go");
    assertThat(Blob.of("x", 0).in(Set.of(), Set.of()).candidate().reason(NOW))
        .isEqualTo("no snapshot needs it");
  }

  /** Whatever the candidates are: their order does not matter, and every law holds. */
  @Test
  void laws_holdForRandomCandidates() {
    long seed = 20260601;
    for (int run = 0; run < RUNS; run++) {
      Random random = new Random(seed + run);
      List<Candidate> candidates = new ArrayList<>();
      for (int i = random.nextInt(12); i >= 0; i--) {
        candidates.add(random(random, "blob" + i));
      }
      long wanted = random.nextLong(120L * MB);
      EvictionPlan plan = EvictionPlan.of(candidates, wanted, NOW);
      check(plan, candidates, wanted, "seed " + (seed + run));
      Collections.shuffle(candidates, random);
      assertThat(EvictionPlan.of(candidates, wanted, NOW)).isEqualTo(plan);
    }
  }

  private static Candidate random(Random random, String name) {
    Set<RepoId> newest = subset(random);
    Set<RepoId> older = new HashSet<>(subset(random));
    older.removeAll(newest);
    Hold.Kind[] kinds = Hold.Kind.values();
    return new Candidate(
        digest(name),
        random.nextLong(20L * MB),
        NOW.minusSeconds(random.nextInt(100_000) - 100),
        random.nextInt(4) == 0,
        RefetchCost.values()[random.nextInt(3)],
        newest,
        older,
        random.nextInt(3) == 0
            ? Optional.of(Hold.of(kinds[random.nextInt(kinds.length)]))
            : Optional.empty());
  }

  private static Set<RepoId> subset(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Set.of();
      case 1 -> Set.of(A);
      case 2 -> Set.of(B);
      default -> Set.of(A, B);
    };
  }

  private static void check(
      EvictionPlan plan, List<Candidate> candidates, long wanted, String seed) {
    List<Candidate> victims = plan.victims();
    assertThat(victims).as(seed).doesNotHaveDuplicates().allMatch(v -> v.hold().isEmpty());
    long bytes = victims.stream().mapToLong(Candidate::sizeBytes).sum();
    assertThat(plan.freedBytes()).as(seed).isEqualTo(bytes);
    assertThat(plan.enough()).as(seed).isEqualTo(bytes >= wanted);
    if (!victims.isEmpty()) {
      assertThat(bytes - victims.getLast().sizeBytes()).as(seed).isLessThan(wanted);
    }
    long free =
        candidates.stream().filter(c -> c.hold().isEmpty()).mapToLong(Candidate::sizeBytes).sum();
    assertThat(plan.enough()).as(seed).isEqualTo(free >= wanted);
    assertThat(plan.held().values().stream().mapToLong(b -> b).sum() + free)
        .as(seed)
        .isEqualTo(candidates.stream().mapToLong(Candidate::sizeBytes).sum());
    for (Candidate victim : victims) {
      for (RepoId repo : victim.newestOf()) {
        List<Candidate> before = victims.subList(0, victims.indexOf(victim));
        assertThat(before)
            .as("%s: older ones of %s go first", seed, repo)
            .containsAll(
                candidates.stream()
                    .filter(c -> c.hold().isEmpty() && c.outdated() && c.olderOf().contains(repo))
                    .toList());
      }
    }
  }
}
