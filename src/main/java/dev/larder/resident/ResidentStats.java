package dev.larder.resident;

/**
 * Sums over all models since the beginning, and the account of memory as it is. {@code hits}:
 * acquires that found the model; {@code misses}: those that began a load or joined one, whether or
 * not it came to anything. {@code loads}: those that succeeded; {@code failures}: those that did
 * not, or were refused. {@code evictions}: models let go of for want of room or use, not those
 * unloaded by request. {@code usedBytes} counts a model until it is closed; {@code reservedBytes}
 * are for loads under way. {@code entries}: models that can be had; {@code queued}: loads that wait
 * for room; {@code waiting}: callers who wait for a load, those in the queue too.
 */
public record ResidentStats(
    long hits,
    long misses,
    long loads,
    long failures,
    long evictions,
    long usedBytes,
    long reservedBytes,
    long budgetBytes,
    int entries,
    int leases,
    int queued,
    int waiting) {}
