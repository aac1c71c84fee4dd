package dev.larder.mirror;

import dev.larder.content.Shares.Holder;
import dev.larder.content.Shares.Share;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import java.time.Duration;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Questions to the hub that all who ask the same share, each in a {@link Misses place} of the one
 * who asks. To join one that runs needs none, and nobody waits behind somebody else's wait for a
 * place. Safe for concurrent use.
 */
final class Questions<K, V> {
  private final Shared<K, V> running = new Shared<>();
  private final Shared<Own<K>, V> waiting = new Shared<>();
  private final Misses misses;
  private final Bucket bucket;
  private final Predicate<V> refusal;

  /** What one caller wants to ask. */
  private record Own<K>(K key, Holder holder) {}

  Questions(Misses misses, Bucket bucket, Predicate<V> refusal) {
    this.misses = misses;
    this.bucket = bucket;
    this.refusal = refusal;
  }

  /**
   * Waits for a place at most {@code patience}, after {@code beforeWaiting}; throws {@link
   * MirrorException.TooManyQuestions}.
   */
  V ask(K key, Caller caller, Duration patience, Runnable beforeWaiting, Supplier<V> question) {
    if (running.runs(key)) {
      return running.get(key, question);
    }
    return waiting.get(
        new Own<>(key, caller.holder()),
        () -> {
          try (Share _ = misses.question(caller, bucket, patience, beforeWaiting)) {
            V answer = running.get(key, question);
            if (refusal.test(answer)) {
              misses.refused(caller);
            }
            return answer;
          }
        });
  }
}
