package dev.larder.resident.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** That nothing is closed while it is used, and nothing twice. */
class GateTest {
  private final AtomicInteger closings = new AtomicInteger();
  private final Gate gate = new Gate("the model m", closings::incrementAndGet);

  @Test
  void close_unused_closesAtOnceAndOnce() {
    gate.use().close();
    gate.close();
    gate.close();

    assertThat(closings).hasValue(1);
    assertThatThrownBy(gate::use)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the model m is closed");
  }

  @Test
  void close_inUse_isLeftToTheLastUser() {
    long before = Gate.leftToUsers();
    Gate.Use one = gate.use();
    Gate.Use other = gate.use();
    gate.close();
    one.close();

    assertThat(closings).hasValue(0);
    other.close();
    assertThat(closings).hasValue(1);
    assertThat(Gate.leftToUsers()).isEqualTo(before + 1);
  }
}
