package dev.larder.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class LanesTest {
  private static final int MOST = 8;

  private final Lanes lanes = new Lanes(MOST);

  /** Takes as many as it gets, and counts them. */
  private final class Counter implements Lanes.Lessee {
    private int held;

    Counter taking(int wanted) {
      for (int i = 0; i < wanted && lanes.take(this); i++) {
        held++;
      }
      return this;
    }

    void ends() {
      held--;
      lanes.handOver(this);
    }

    @Override
    public void laneGranted() {
      held++;
    }
  }

  private Counter counter() {
    return new Counter();
  }

  @Test
  void take_byOne_leavesAQuarterForThoseWithoutAny() {
    assertThat(counter().taking(20).held).isEqualTo(6);
    assertThat(counter().taking(20).held).isEqualTo(1);
    assertThat(counter().taking(20).held).isEqualTo(1);
    assertThat(lanes.starving()).isFalse();
    assertThat(counter().taking(1).held).isZero();
    assertThat(lanes.starving()).isTrue();
  }

  @Test
  void give_grantsToWhoHasNoneFirstAndThenInTurn() {
    Counter rich = counter().taking(20);
    Counter second = counter().taking(2);
    Counter third = counter().taking(2);
    Counter first = counter().taking(1);
    Counter last = counter().taking(1);
    lanes.content(rich);
    rich.ends();
    assertThat(first.held).isEqualTo(1);
    rich.ends();
    assertThat(last.held).isEqualTo(1);
    assertThat(lanes.starving()).isFalse();
    // Back at the share that is for everybody, who has fewest is next.
    for (int i = 0; i < 4; i++) {
      rich.ends();
    }
    assertThat(second.held).isEqualTo(2);
    assertThat(third.held).isEqualTo(2);
  }

  @Test
  void shouldYield_toWhoHasTwoFewer() {
    Counter rich = counter().taking(6);
    Counter other = counter().taking(1);
    assertThat(lanes.shouldYield(rich)).isFalse();
    other.taking(1);
    assertThat(lanes.shouldYield(rich)).isTrue();
    lanes.content(other);
    assertThat(lanes.shouldYield(rich)).isFalse();
  }

  @Test
  void shouldCut_onceForEachWhoHasNone_andOnlyTheRichest() {
    Counter rich = counter().taking(6);
    Counter poor = counter().taking(1);
    counter().taking(1);
    assertThat(lanes.shouldCut(rich)).isFalse();
    Counter late = counter().taking(1);
    assertThat(lanes.shouldCut(poor)).isFalse();
    assertThat(lanes.shouldCut(rich)).isTrue();
    assertThat(lanes.shouldCut(rich)).as("a second promise for one").isFalse();
    rich.ends();
    assertThat(late.held).isEqualTo(1);
  }

  @Test
  void content_whoHadWaited_isNotGrantedAny() {
    Counter rich = counter().taking(20);
    Counter[] others = {counter().taking(1), counter().taking(1)};
    Counter gone = counter().taking(1);
    lanes.content(gone);
    rich.ends();
    assertThat(gone.held).isZero();
    assertThat(others).allMatch(other -> other.held == 1);
  }
}
