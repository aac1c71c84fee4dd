package dev.larder.resident;

import java.time.Duration;
import java.util.List;

/** Something that happened to a model. */
public sealed interface ResidentEvent {
  ModelKey<?> key();

  /** An acquire did not find it. {@code joined}: a load was under way already. */
  record Missed(ModelKey<?> key, String owner, boolean joined) implements ResidentEvent {}

  /** It is in memory. */
  record Arrived(ModelKey<?> key, long estimateBytes, long bytes, Duration loadTime)
      implements ResidentEvent {}

  /** Its load failed, or was refused or given up before it began. */
  record NotLoaded(ModelKey<?> key, Throwable cause) implements ResidentEvent {}

  /** It was idle and is let go of. */
  record Evicted(ModelKey<?> key, long bytes, Reason reason) implements ResidentEvent {}

  /** Somebody asked for it to go; it closes after its last lease. */
  record Unloaded(ModelKey<?> key, long bytes, int leases) implements ResidentEvent {}

  /** It is closed and its bytes are free. */
  record Closed(ModelKey<?> key, long bytes) implements ResidentEvent {}

  /** Its closing threw; it counts as closed, and its bytes as free. */
  record CloseFailed(ModelKey<?> key, long bytes, Throwable cause) implements ResidentEvent {}

  /**
   * {@link ResidentModels#close} ended without it: it is still used, or still being loaded or
   * closed. It is closed when that ends.
   */
  record LeftOpen(ModelKey<?> key, long bytes, List<Holding> holdings) implements ResidentEvent {}

  /** Why a model was evicted. */
  sealed interface Reason {
    /** Another one needed {@code neededBytes}, of which {@code missingBytes} were not free. */
    record Room(ModelKey<?> wanted, long neededBytes, long missingBytes) implements Reason {}

    /** Models turned out larger than their estimates, {@code overBytes} above the budget. */
    record OverBudget(long overBytes) implements Reason {}

    /** Nobody used it for longer than it is kept. */
    record Idle(Duration idle, Duration keepAlive) implements Reason {}
  }
}
