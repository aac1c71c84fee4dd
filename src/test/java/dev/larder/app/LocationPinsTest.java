package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.larder.cli.Larder;
import dev.larder.content.RepoId;
import dev.larder.mirror.PullListener;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.VerifyTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A pin holds in every location. */
final class LocationPinsTest extends LocationsFixture {
  @ParameterizedTest
  @EnumSource
  void pin_madeBeforeItsRepoComes_holdsWhereverItComes(PullTest.By by) {
    if (by == PullTest.By.SERVER) {
      start(both());
    }
    Budget.Wish wish =
        new Budget.Wish(REPO, Optional.empty(), "ops", Optional.empty(), "for the demo");
    try (Larder larder = larder()) {
      assertThat(larder.budget().pin(wish).sizeBytes()).isZero();
      larder.pull(wanting(REPO, "secondary"), PullListener.NONE);

      assertThat(larder.budget().pins())
          .singleElement()
          .satisfies(pin -> assertThat(pin.sizeBytes()).isEqualTo(model.length + 2));
      RemovalPlan plan = larder.removals().plan(List.of(VerifyTarget.parse("o/r")));
      assertThat(plan.going()).isEmpty();
      assertThat(plan.staying()).singleElement().asString().contains("pinned by ops");
      assertThat(larder.list()).allMatch(RepoListing::pinned);
    }
    stop();
    try (Larder alone =
        new HouseWorkshop(clock).open(settings("HOME", second.toString()), warnings::add)) {
      assertThat(alone.budget().pins()).hasSize(1);
    }
    try (Larder larder = larder()) {
      Budget.Pin gone = larder.budget().unpin(REPO, Optional.empty(), "ops");
      assertThat(gone.sizeBytes()).isEqualTo(model.length + 2);
      assertThat(larder.budget().pins()).isEmpty();
    }
    try (Larder larder = larder()) {
      assertThat(larder.budget().pins()).isEmpty();
      assertThatThrownBy(() -> larder.budget().unpin(REPO, Optional.empty(), "ops"))
          .hasMessageContaining("not pinned");
    }
  }

  @Test
  void pin_madeWhileALocationIsAway_holdsThereWhenItIsBack() throws Exception {
    pull(PullTest.By.ITSELF, REPO, "secondary");
    Path away = other.directory().resolve("away");
    Files.move(second, away);
    try (Larder larder = larder()) {
      Budget.Pin _ =
          larder.budget().pin(new Budget.Wish(REPO, Optional.empty(), "ops", Optional.empty(), ""));
    }
    Files.move(away, second);

    try (Larder larder = larder()) {
      assertThat(larder.removals().plan(List.of(VerifyTarget.parse("o/r"))).going()).isEmpty();
    }
  }

  @Test
  void pin_changedOrTakenAwayWhileALocationIsAway_staysSoWhenItIsBack() throws Exception {
    RepoId other = RepoId.model("o/other");
    pull(PullTest.By.ITSELF, REPO, "secondary");
    try (Larder larder = larder()) {
      for (RepoId each : List.of(REPO, other)) {
        Budget.Pin _ = larder.budget().pin(pin(each, Optional.empty()));
      }
    }
    Path away = this.other.directory().resolve("away");
    Files.move(second, away);
    clock.pass(Duration.ofMinutes(1));
    try (Larder larder = larder()) {
      Budget.Pin _ = larder.budget().unpin(REPO, Optional.empty(), "ops");
      Budget.Pin _ = larder.budget().pin(pin(other, Optional.of(Duration.ofHours(1))));
    }
    Files.move(away, second);

    for (int again = 0; again < 2; again++) {
      try (Larder larder = larder()) {
        assertThat(larder.budget().pins())
            .extracting(Budget.Pin::target, Budget.Pin::expiresAt)
            .containsExactly(tuple("o/other", Optional.of(clock.instant().plusSeconds(3600))));
      }
    }
    try (Larder larder = larder()) {
      Budget.Pin _ = larder.budget().pin(pin(REPO, Optional.empty()));
    }
    try (Larder larder = larder()) {
      assertThat(larder.budget().pins()).as("pinned anew").hasSize(2);
    }
  }

  private static Budget.Wish pin(RepoId repo, Optional<Duration> lifetime) {
    return new Budget.Wish(repo, Optional.empty(), "ops", lifetime, "");
  }
}
