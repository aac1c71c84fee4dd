package dev.larder.resident;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Counts of what is over, guarded by the house's lock: sums, and those of the keys asked for last.
 */
final class History {
  /** So many keys are remembered. */
  static final int KEYS = 1024;

  private final Map<ModelKey<?>, Counts> byKey =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ModelKey<?>, Counts> eldest) {
          return size() > KEYS;
        }
      };
  private Counts all = Counts.NONE;
  private long loads;
  private long failures;
  private long evictions;

  /** Hits of models that are gone, and misses. */
  record Counts(long hits, long misses) {
    static final Counts NONE = new Counts(0, 0);

    Counts plus(long moreHits, long moreMisses) {
      return new Counts(hits + moreHits, misses + moreMisses);
    }
  }

  void missed(ModelKey<?> key) {
    add(key, 0, 1);
  }

  /** A model nobody can use any more, so its hits are final. */
  void gone(Resident<?> resident) {
    add(resident.key(), resident.hits(), 0);
  }

  private void add(ModelKey<?> key, long hits, long misses) {
    all = all.plus(hits, misses);
    byKey.put(key, of(key).plus(hits, misses));
  }

  Counts of(ModelKey<?> key) {
    return byKey.getOrDefault(key, Counts.NONE);
  }

  Counts all() {
    return all;
  }

  void loaded() {
    loads++;
  }

  void failed() {
    failures++;
  }

  void evicted() {
    evictions++;
  }

  long loads() {
    return loads;
  }

  long failures() {
    return failures;
  }

  long evictions() {
    return evictions;
  }
}
