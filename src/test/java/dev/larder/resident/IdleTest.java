package dev.larder.resident;

import static dev.larder.resident.Fixture.key;
import static dev.larder.resident.Fixture.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.resident.ResidentEvent.Evicted;
import dev.larder.resident.ResidentEvent.Reason;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** How long models are kept that nobody uses. */
class IdleTest {
  private static final Duration KEPT = Duration.ofMinutes(10);

  @Test
  void sweep_idleForAsLongAsKept_letsGo() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Probe model = fixture.loadIdle("a", 10);
      fixture.pass(KEPT.minusNanos(1));
      fixture.models.sweep();
      assertThat(model.closed()).isZero();

      fixture.pass(Duration.ofNanos(1));
      fixture.models.sweep();

      assertThat(model.closed()).isEqualTo(1);
      assertThat(fixture.names()).isEmpty();
      assertThat(fixture.told(Evicted.class))
          .containsExactly(new Evicted(key("a"), 10, new Reason.Idle(KEPT, KEPT)));
    }
  }

  @Test
  void sweep_usedForLong_countsFromTheEndOfTheUse() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      Lease<Probe> lease = fixture.acquire("a", 10);
      Probe model = lease.model();
      fixture.pass(KEPT.multipliedBy(3));
      fixture.models.sweep();
      assertThat(model.closed()).isZero();
      lease.close();

      fixture.pass(KEPT.minusSeconds(1));
      fixture.models.sweep();
      assertThat(model.closed()).isZero();
      fixture.pass(Duration.ofSeconds(1));
      fixture.models.sweep();
      assertThat(model.closed()).isEqualTo(1);
    }
  }

  @Test
  void keepAlive_ofOneModel_holdsForItAlone() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      fixture.models.keepAlive(key("long"), ResidentSettings.FOR_EVER);
      fixture.models.keepAlive(key("short"), Duration.ofSeconds(1));
      fixture.loadIdle("long", 10);
      fixture.loadIdle("short", 10);
      fixture.loadIdle("usual", 10);

      fixture.pass(Duration.ofSeconds(1));
      fixture.models.sweep();
      assertThat(fixture.names()).containsExactly("long", "usual");
      fixture.pass(Duration.ofDays(10_000));
      fixture.models.sweep();
      assertThat(fixture.names()).containsExactly("long");
    }
  }

  @Test
  void keptForEver_stillMakesRoom() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      fixture.models.keepAlive(key("a"), ResidentSettings.FOR_EVER);
      Probe model = fixture.loadIdle("a", 60);

      fixture.loadIdle("b", 60);

      assertThat(model.closed()).isEqualTo(1);
    }
  }

  @Test
  void pinned_staysUntilItsLastPinIsGone() {
    try (Fixture fixture = Fixture.ofBudget(100)) {
      fixture.models.pin(key("a"), "one");
      fixture.models.pin(key("a"), "two");
      fixture.models.pin(key("a"), "two");
      Probe model = fixture.loadIdle("a", 10);
      assertThat(fixture.models.entries().getFirst().pinnedBy()).containsExactly("one", "two");
      assertThat(fixture.models.pins()).extracting(Pin::owner).containsExactly("one", "two");

      fixture.pass(KEPT);
      assertThat(fixture.models.unpin(key("a"), "one")).isTrue();
      assertThat(fixture.models.unpin(key("a"), "one")).isFalse();
      fixture.models.sweep();
      assertThat(model.closed()).isZero();

      assertThat(fixture.models.unpin(key("a"), "two")).isTrue();
      fixture.models.sweep();
      assertThat(model.closed()).isEqualTo(1);
    }
  }

  @Test
  void open_inAProgram_letsGoByItself() {
    ResidentSettings settings = ResidentSettings.ofBudget(100).withKeepAlive(Duration.ZERO);
    try (ResidentModels models =
        ResidentModels.open(settings, InstantSource.system(), ResidentListener.NONE)) {
      Probe model = new Probe();
      models.acquire(key("a"), Fixture.loader(model, 10), "me").close();

      until(() -> model.closed() == 1);
      assertThat(models.entries()).isEmpty();
    }
  }
}
