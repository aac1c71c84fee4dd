package dev.larder.resident;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/**
 * How models are kept. {@code budgetBytes}: what all of them may take together. {@code keepAlive}:
 * how long one is kept that nobody uses, {@link #FOR_EVER} for as long as there is room. {@code
 * patience}: how long an acquire waits that does not say. {@code closePatience}: how long {@link
 * ResidentModels#close} waits for leases. {@code queueLimit}: loads that may wait for room; {@code
 * callerLimit}: callers that may wait for loads. {@code traceLeases}: note where each lease was
 * taken, at a cost of microseconds.
 */
public record ResidentSettings(
    long budgetBytes,
    Duration keepAlive,
    Duration patience,
    Duration closePatience,
    int queueLimit,
    int callerLimit,
    boolean traceLeases) {
  /** Longer than anything lasts. */
  public static final Duration FOR_EVER = ChronoUnit.FOREVER.getDuration();

  public ResidentSettings {
    if (budgetBytes < 0 || queueLimit < 1 || callerLimit < 1) {
      throw new IllegalArgumentException(
          "the budget must not be negative, and at least one load and one caller may wait");
    }
    if (keepAlive.isNegative() || patience.isNegative() || closePatience.isNegative()) {
      throw new IllegalArgumentException("a duration must not be negative");
    }
  }

  /** Kept 10 minutes, patience of a minute, 30 s to close, 64 loads and 1024 callers waiting. */
  public static ResidentSettings ofBudget(long bytes) {
    return new ResidentSettings(
        bytes,
        Duration.ofMinutes(10),
        Duration.ofMinutes(1),
        Duration.ofSeconds(30),
        64,
        1024,
        false);
  }

  public ResidentSettings withKeepAlive(Duration most) {
    return new ResidentSettings(
        budgetBytes, most, patience, closePatience, queueLimit, callerLimit, traceLeases);
  }

  public ResidentSettings withPatience(Duration most) {
    return new ResidentSettings(
        budgetBytes, keepAlive, most, closePatience, queueLimit, callerLimit, traceLeases);
  }

  public ResidentSettings withClosePatience(Duration most) {
    return new ResidentSettings(
        budgetBytes, keepAlive, patience, most, queueLimit, callerLimit, traceLeases);
  }

  public ResidentSettings withLimits(int loads, int callers) {
    return new ResidentSettings(
        budgetBytes, keepAlive, patience, closePatience, loads, callers, traceLeases);
  }

  public ResidentSettings withTraces(boolean on) {
    return new ResidentSettings(
        budgetBytes, keepAlive, patience, closePatience, queueLimit, callerLimit, on);
  }
}
