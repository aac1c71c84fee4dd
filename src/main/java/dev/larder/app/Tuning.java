package dev.larder.app;

import dev.larder.mirror.MirrorSettings;
import dev.larder.transfer.TransferSettings;
import dev.larder.upstream.WireSettings;
import java.time.Duration;

/**
 * How patient a house is with its upstream: what no user sets, and tests make short. {@code
 * patience}: how long a client waits for its first byte.
 */
record Tuning(TransferSettings transfer, WireSettings wire, Duration patience) {
  static final Tuning DEFAULT =
      new Tuning(TransferSettings.DEFAULTS, WireSettings.DEFAULT, MirrorSettings.PATIENCE);

  Tuning withPatience(Duration most) {
    return new Tuning(transfer, wire, most);
  }
}
