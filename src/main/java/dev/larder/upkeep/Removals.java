package dev.larder.upkeep;

import java.util.List;
import java.util.Optional;

/** Removing what is cached: first a plan, then that plan. Blocks. */
public interface Removals {
  /**
   * For these repos and revisions, each where its repo lives, or all in {@code location}. Throws
   * {@link NotCached} for one that is not there.
   */
  RemovalPlan plan(List<VerifyTarget> targets, Optional<String> location);

  /** Each where its repo lives. */
  default RemovalPlan plan(List<VerifyTarget> targets) {
    return plan(targets, Optional.empty());
  }

  /** For what nothing refers to, and what the limits ask for. */
  RemovalPlan plan(Pruning limits);

  /**
   * Does it, each step in the location that it was planned for. Each is looked at again before:
   * what is used, pinned or named by a ref since stays and is reported. May be cut anywhere; the
   * same request finishes.
   */
  RemovalReport apply(RemovalPlan plan);
}
