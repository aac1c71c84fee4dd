package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
  private final StringWriter err = new StringWriter();
  private final AtomicLong nanos = new AtomicLong(5_000_000_000L);

  @Test
  void at_onATerminal_drawsShareRateAndTimeLeft() {
    try (ProgressBar bar = bar(true, false)) {
      bar.expect(400_000_000);
      nanos.addAndGet(1_000_000_000L);
      bar.at("a.bin", 60_000_000);
      nanos.addAndGet(50_000_000L);
      bar.at("b.bin", 1);
      nanos.addAndGet(950_000_000L);
      bar.at("b.bin", 40_000_000);
    }

    assertThat(err.toString())
        .isEqualTo(
            "\r[##--------------]  15%  60.0 MB / 400.0 MB  60.0 MB/s  ETA 0:06  a.bin\u001b[K"
                + "\r[####------------]  25%  100.0 MB / 400.0 MB  50.0 MB/s  ETA 0:06  b.bin\u001b[K"
                + "\r\u001b[K");
  }

  @Test
  void at_longName_staysOnOneLine() {
    try (ProgressBar bar = bar(true, false)) {
      bar.expect(10);
      bar.at("x".repeat(200), 1);
    }

    String first = err.toString().substring(1, err.toString().indexOf('\u001b'));
    assertThat(first).hasSize(79).endsWith("…");
  }

  @Test
  void at_nobodyWatches_isSilent() {
    try (ProgressBar bar = bar(false, false);
        ProgressBar quiet = bar(true, true)) {
      bar.at("a", 1);
      quiet.at("a", 1);
    }

    assertThat(err.toString()).isEmpty();
  }

  private ProgressBar bar(boolean interactive, boolean quiet) {
    PrintWriter writer = new PrintWriter(err, true);
    DataWriter nowhere = new DataWriter(OutputStream.nullOutputStream());
    return new ProgressBar(new Terminal(nowhere, writer, interactive), quiet, nanos::get);
  }
}
