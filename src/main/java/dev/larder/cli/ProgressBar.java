package dev.larder.cli;

import dev.larder.content.Sizes;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * One line on stderr for several files together: share, bytes, rate, time left, the file that moved
 * last. Silent when nobody watches. Drawn ten times a second at most. Safe for concurrent use.
 */
final class ProgressBar implements AutoCloseable {
  private static final long REDRAW_NANOS = 100_000_000L;
  private static final double SECOND_NANOS = 1e9;
  private static final int CELLS = 16;
  private static final int COLUMNS = 79;

  private final Terminal terminal;
  private final boolean shown;
  private final LongSupplier nanos;
  private final long startNanos;
  private final Map<String, Long> landed = new HashMap<>();
  private long totalBytes;
  private long landedBytes;
  private long drawnNanos;
  private boolean drawn;
  private boolean guarded;
  private boolean closed;

  ProgressBar(Terminal terminal, boolean quiet, LongSupplier nanos) {
    this.terminal = terminal;
    this.shown = terminal.interactive() && !quiet;
    this.nanos = nanos;
    startNanos = nanos.getAsLong();
    drawnNanos = startNanos - REDRAW_NANOS;
  }

  /** So many bytes more are to come. */
  synchronized void expect(long bytes) {
    totalBytes += bytes;
  }

  /** {@code bytes} of a file are here by now. */
  synchronized void at(String file, long bytes) {
    Long before = landed.put(file, bytes);
    landedBytes += bytes - (before == null ? 0 : before);
    long now = nanos.getAsLong();
    if (shown && !closed && now - drawnNanos >= REDRAW_NANOS) {
      drawnNanos = now;
      draw(line(file, now));
    }
  }

  /** All files together are at {@code bytes} of {@code allBytes} by now, this one just moved. */
  synchronized void reach(String file, long bytes, long allBytes) {
    totalBytes = allBytes;
    landed.clear();
    landedBytes = 0;
    at(file, bytes);
  }

  /** Removes the line. */
  @Override
  public synchronized void close() {
    closed = true;
    if (drawn) {
      terminal.err().print("\r\033[K");
      terminal.err().flush();
      drawn = false;
    }
  }

  private void draw(String line) {
    terminal.err().print("\r" + line + "\033[K");
    terminal.err().flush();
    drawn = true;
    if (!guarded) {
      guarded = true;
      // Ctrl-C leaves a clean line behind.
      Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::close));
    }
  }

  private String line(String file, long now) {
    double seconds = Math.max(1e-3, (now - startNanos) / SECOND_NANOS);
    double rate = landedBytes / seconds;
    double share = totalBytes <= 0 ? 0 : Math.min(1, landedBytes / (double) totalBytes);
    int full = (int) (share * CELLS);
    String bar = "[" + "#".repeat(full) + "-".repeat(CELLS - full) + "]";
    String left =
        rate > 0 && totalBytes > landedBytes
            ? "  ETA " + clock(Math.round((totalBytes - landedBytes) / rate))
            : "";
    String line =
        "%s %3d%%  %s / %s  %s/s%s  %s"
            .formatted(
                bar,
                (int) (share * 100),
                Sizes.format(landedBytes),
                Sizes.format(Math.max(totalBytes, landedBytes)),
                Sizes.format((long) rate),
                left,
                Visible.of(file));
    return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 1) + "…";
  }

  private static String clock(long seconds) {
    return String.format(Locale.ROOT, "%d:%02d", seconds / 60, seconds % 60);
  }
}
