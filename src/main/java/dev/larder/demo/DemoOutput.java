package dev.larder.demo;

import dev.larder.content.Sizes;
import java.io.PrintWriter;

/**
 * Where the story is told: lines on {@code out}; while bytes land a bar on {@code terminal}, or,
 * when there is none, one line for each quarter.
 */
public final class DemoOutput {
  private static final int BAR = 30;
  private static final int QUARTERS = 4;

  private final PrintWriter out;
  private final PrintWriter bar;
  private final boolean terminal;
  private int shown;

  /**
   * @param bar where a bar may be drawn, normally standard error
   * @param terminal whether {@code bar} is a terminal
   */
  public DemoOutput(PrintWriter out, PrintWriter bar, boolean terminal) {
    this.out = out;
    this.bar = bar;
    this.terminal = terminal;
  }

  void line(String text) {
    out.println(text);
    out.flush();
  }

  void step(int number, String title) {
    line("");
    line("%d. %s".formatted(number, title));
  }

  /** The next {@link #landed} begins at nothing. */
  synchronized void begin() {
    shown = 0;
  }

  synchronized void landed(long done, long total) {
    int parts = terminal ? BAR : QUARTERS;
    int reached = total <= 0 ? 0 : (int) Math.min(parts, done * parts / total);
    if (reached <= shown) {
      return;
    }
    shown = reached;
    String text = "%s of %s".formatted(Sizes.format(done), Sizes.format(total));
    if (!terminal) {
      line("   … " + text);
      return;
    }
    boolean whole = reached == BAR;
    bar.print("\r   [%s%s] %s ".formatted("#".repeat(reached), "-".repeat(BAR - reached), text));
    bar.print(whole ? System.lineSeparator() : "");
    bar.flush();
  }
}
