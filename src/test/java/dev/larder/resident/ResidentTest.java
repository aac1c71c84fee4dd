package dev.larder.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.resident.Resident.State;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

/** The steps of the warm path in the orders that races seldom show. */
class ResidentTest {
  private final Probe model = new Probe();
  private final House house =
      new House(
          ResidentSettings.ofBudget(100),
          new Times(InstantSource.system(), System::nanoTime),
          ResidentListener.NONE,
          Crew.THREADS);
  private final Resident<Probe> resident =
      new Resident<>(house, Fixture.key("a"), Loaded.of(model, 0), 1);

  @Test
  void tryLease_whileSomebodyLooks_givesItsSlotBack() {
    resident.become(State.FROZEN);

    assertThat(resident.tryLease("me")).isNull();

    assertThat(resident.idle()).isTrue();
    assertThat(resident.hits()).isZero();
  }

  @Test
  void tryLease_ofADrainedModelThatItHeldOpen_seesToItsClosing() {
    // As if the last lease had ended, and found the slot of this one taken.
    resident.become(State.DRAINING);

    assertThat(resident.tryLease("me")).isNull();

    assertThat(model.closed()).isEqualTo(1);
  }

  @Test
  void tryLease_ofAClosedModel_isNoneAndClosesNothing() {
    resident.become(State.CLOSED);

    assertThat(resident.tryLease("me")).isNull();

    assertThat(model.closed()).isZero();
  }

  @Test
  void freeze_inUse_leavesItLive() {
    OpenLease<Probe> lease = resident.tryLease("me");

    assertThat(resident.freezeIfIdle()).isFalse();
    assertThat(resident.state()).isEqualTo(State.LIVE);
    assertThat(lease).isNotNull();
    lease.close();
    assertThat(resident.freezeIfIdle()).isTrue();
    assertThat(resident.state()).isEqualTo(State.FROZEN);
  }

  @Test
  void close_whileFrozen_looksUnderTheLockAndClosesNothing() {
    OpenLease<Probe> lease = resident.tryLease("me");
    assertThat(lease).isNotNull();
    resident.become(State.FROZEN);

    lease.close();

    assertThat(resident.idle()).isTrue();
    assertThat(model.closed()).isZero();
  }

  @Test
  void close_byAnotherThread_endsTheLease() throws Exception {
    OpenLease<Probe> lease = resident.tryLease("me");
    assertThat(lease).isNotNull();

    Boolean _ =
        Fixture.get(
            Fixture.async(
                () -> {
                  lease.close();
                  return true;
                }));

    assertThat(resident.idle()).isTrue();
  }
}
