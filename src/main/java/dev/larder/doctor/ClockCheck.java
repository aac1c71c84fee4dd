package dev.larder.doctor;

import java.time.Instant;
import java.util.List;

/** Whether this machine's clock can be right, judged without asking anybody. */
final class ClockCheck implements Check {
  /** This program did not exist before. */
  private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

  /** No certificate and no disk of today is made for later. */
  private static final Instant LAST = Instant.parse("2100-01-01T00:00:00Z");

  @Override
  public String subject() {
    return "the clock";
  }

  static boolean wrong(Instant now) {
    return now.isBefore(FIRST) || now.isAfter(LAST);
  }

  @Override
  public List<Finding> look(Scene scene) {
    return wrong(scene.now())
        ? List.of(
            Finding.of(
                Code.CLOCK_WRONG,
                "This machine's clock says %s.".formatted(scene.now()),
                "sudo timedatectl set-ntp true"))
        : List.of();
  }
}
