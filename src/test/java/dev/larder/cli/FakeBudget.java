package dev.larder.cli;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upkeep.Budget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pins that a test put here, and what was asked of them. */
final class FakeBudget implements Budget {
  static final Instant SINCE = Instant.parse("2026-03-01T12:00:00Z");

  final List<Pin> pins = new ArrayList<>();
  final List<Object> asked = new ArrayList<>();

  @Override
  public Pin pin(Wish wish) {
    asked.add(wish);
    return new Pin(
        wish.repo(),
        wish.revision(),
        wish.owner(),
        SINCE,
        wish.lifetime().map(SINCE::plus),
        wish.note(),
        1_500_000);
  }

  @Override
  public List<Pin> pins() {
    return pins;
  }

  @Override
  public Pin unpin(RepoId repo, Optional<Revision> revision, String owner) {
    asked.add(List.of("unpin", repo, revision, owner));
    return new Pin(repo, revision, owner, SINCE, Optional.empty(), "", 0);
  }

  @Override
  public List<Evicted> evictions(Instant since) {
    return List.of();
  }
}
