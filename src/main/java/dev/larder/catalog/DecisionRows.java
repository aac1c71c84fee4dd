package dev.larder.catalog;

import dev.larder.content.RepoId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;

/** What was decided about requests and objects. Bounded. Same promises as {@link Catalog}. */
public interface DecisionRows {
  /** One that differs from an earlier one only in its time is some more times of that one. */
  void add(Collection<DecisionRow> rows);

  /**
   * The newest first. {@code revision}: those about this branch or commit, or about none; {@code
   * path}: those about one file, or about none. Empty for all.
   */
  List<DecisionRow> of(RepoId repo, String revision, String path, int most);

  /** About bytes of this name, whatever repo they are in, the newest first. */
  List<DecisionRow> ofIdentity(String identity, int most);

  /**
   * Forgets those before {@code oldest}, and the oldest beyond {@code most} of each sort: refusals
   * and failures, what was joined or stale, and the rest. One sort pushes no other out.
   */
  void prune(Instant oldest, Most most);

  /** How many of each sort are kept. */
  record Most(long refusals, long passing, long others) {}

  /**
   * One decision, which was taken {@code times} times, the last time {@code at}. {@code caller} is
   * a name that gives nothing away. What it is not about is empty. {@code detail}: a sentence,
   * without tokens and addresses.
   */
  record DecisionRow(
      Instant at,
      String repo,
      String revision,
      String path,
      String commit,
      String identity,
      String kind,
      String caller,
      String detail,
      long times) {
    public static final String MISS = "miss";
    public static final String JOINED = "joined";
    public static final String STALE = "stale";
    public static final String BYPASSED = "bypassed";
    public static final String REFUSED = "refused";
    public static final String FAILED = "failed";
    public static final String QUARANTINED = "quarantined";
    public static final String EVICTED = "evicted";
    public static final String REMOVED = "removed";
  }
}
