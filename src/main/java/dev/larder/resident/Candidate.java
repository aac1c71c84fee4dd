package dev.larder.resident;

/** An idle model that may be evicted. {@code loadNanos}: what it costs to bring it back. */
record Candidate(ModelKey<?> key, long bytes, long idleNanos, long loadNanos) {}
