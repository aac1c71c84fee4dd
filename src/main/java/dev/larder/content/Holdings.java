package dev.larder.content;

import dev.larder.content.Shares.Holder;
import java.util.HashMap;
import java.util.Map;

/** Who has how much of what is shared. Guarded by the lock of its {@link Shares}. */
final class Holdings {
  private final Shares.Limits limits;
  private final Map<String, Long> held = new HashMap<>();
  private long all;

  Holdings(Shares.Limits limits) {
    this.limits = limits;
  }

  boolean exhausted() {
    return all >= limits.all();
  }

  /** Whether there is so much for one who has {@code mine} in this share, and perhaps others. */
  boolean fits(Holder holder, long mine, long more) {
    boolean alone = all == mine;
    return withinOwn(holder, mine, more) && (alone || all + more <= limits.all());
  }

  /** Whether it would be no more than the holder and its address may have. */
  boolean withinOwn(Holder holder, long mine, long more) {
    return within(holder.key(), mine, more, limits.ofHolder())
        && within(holder.address(), mine, more, limits.ofAddress());
  }

  private boolean within(String key, long mine, long more, long most) {
    long has = held.getOrDefault(key, 0L);
    return has == mine || has + more <= most;
  }

  void add(Holder holder, long more) {
    all += more;
    held.merge(holder.key(), more, Long::sum);
    held.merge(holder.address(), more, Long::sum);
  }

  void subtract(Holder holder, long back) {
    all -= back;
    subtract(holder.key(), back);
    subtract(holder.address(), back);
  }

  private void subtract(String key, long back) {
    held.computeIfPresent(key, (_, has) -> has == back ? null : has - back);
  }
}
