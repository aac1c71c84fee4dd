package dev.larder.resident;

import java.time.Instant;

/** Somebody's wish that a model is neither evicted nor let go of when idle. */
public record Pin(ModelKey<?> key, String owner, Instant since) {}
