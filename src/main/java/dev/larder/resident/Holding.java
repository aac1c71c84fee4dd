package dev.larder.resident;

import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * One thing that takes memory, and on whose account. {@code bytes} are the model's; of a pin on
 * what is not loaded, 0. {@code trace}: where a lease was taken, innermost first; empty unless
 * {@link ResidentSettings#traceLeases} is on.
 */
public record Holding(
    ModelKey<?> key,
    Kind kind,
    String owner,
    Instant since,
    long bytes,
    List<StackTraceElement> trace) {
  /** Why the memory cannot be had. */
  public enum Kind {
    /** Somebody uses the model. */
    LEASE,
    /** Somebody wants it kept. */
    PIN,
    /** It is being loaded; {@code owner} is whoever asked first. */
    LOAD,
    /** It is being closed. */
    CLOSING
  }

  public Holding {
    trace = List.copyOf(trace);
  }

  @Override
  public String toString() {
    return "%s: %s by %s since %s (%d bytes)"
        .formatted(key, kind.name().toLowerCase(Locale.ROOT), owner, since, bytes);
  }
}
