package dev.larder.mirror;

/** How an answer came about; the words of {@code X-Larder-Cache}. */
public enum CacheState {
  /** From the cache, fresh. */
  HIT,
  /** Fetched for this request. */
  MISS,
  /** From a download that another request had started. */
  JOINED,
  /** From the cache, although the upstream could not confirm it. */
  STALE,
  /** Passed through without being kept. */
  BYPASS
}
