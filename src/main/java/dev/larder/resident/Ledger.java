package dev.larder.resident;

/**
 * The account of memory, guarded by the house's lock. What is used and what is reserved stay within
 * the budget, except that a model may turn out larger than its estimate.
 */
final class Ledger {
  private final long budgetBytes;
  private long usedBytes;
  private long reservedBytes;

  /** Of those used: what comes free as soon as models that nobody can have any more are closed. */
  private long closingBytes;

  Ledger(long budgetBytes) {
    this.budgetBytes = budgetBytes;
  }

  /** Below zero when it is over its budget. */
  long freeBytes() {
    return budgetBytes - usedBytes - reservedBytes;
  }

  void reserve(long bytes) {
    reservedBytes += bytes;
  }

  void release(long bytes) {
    reservedBytes -= bytes;
  }

  /** What was reserved is here, and this large. */
  void arrived(long estimateBytes, long bytes) {
    reservedBytes -= estimateBytes;
    usedBytes += bytes;
  }

  void closing(long bytes) {
    closingBytes += bytes;
  }

  void closed(long bytes) {
    closingBytes -= bytes;
    usedBytes -= bytes;
  }

  /** What is still missing for {@code bytes} more when all that is being closed is closed. */
  long missingFor(long bytes) {
    return bytes - freeBytes() - closingBytes;
  }

  long budgetBytes() {
    return budgetBytes;
  }

  long usedBytes() {
    return usedBytes;
  }

  long reservedBytes() {
    return reservedBytes;
  }
}
