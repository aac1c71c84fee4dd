package com.example.policy;

import com.example.policy.Refused.Problem;
import java.time.Instant;
import java.util.Locale;

/** An analysis that somebody asked for. Each change is one write of an immutable state. */
final class Job {
  /** How far a job is. */
  enum Status {
    QUEUED,
    RUNNING,
    DONE,
    FAILED
  }

  /** As {@code /api/status} shows it; what does not apply is null and left out. */
  record View(String jobId, String status, int progress, AnalysisResult result, Problem error) {}

  private record State(
      Status status, int progress, AnalysisResult result, Problem error, Instant ended) {}

  private final String id;
  private volatile State state = new State(Status.QUEUED, 0, null, null, null);

  Job(String id) {
    this.id = id;
  }

  String id() {
    return id;
  }

  void progress(int percent) {
    state = new State(Status.RUNNING, percent, null, null, null);
  }

  void done(AnalysisResult result, Instant now) {
    state = new State(Status.DONE, 100, result, null, now);
  }

  void failed(Problem error, Instant now) {
    state = new State(Status.FAILED, state.progress(), null, error, now);
  }

  boolean ended() {
    return state.ended() != null;
  }

  boolean endedBefore(Instant moment) {
    Instant ended = state.ended();
    return ended != null && ended.isBefore(moment);
  }

  View view() {
    State now = state;
    return new View(
        id,
        now.status().name().toLowerCase(Locale.ROOT),
        now.progress(),
        now.result(),
        now.error());
  }
}
