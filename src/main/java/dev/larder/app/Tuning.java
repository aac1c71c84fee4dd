package dev.larder.app;

import dev.larder.http.DoorSettings;
import dev.larder.mirror.MirrorSettings;
import dev.larder.transfer.TransferSettings;
import dev.larder.upstream.WireSettings;
import java.time.Duration;

/**
 * How patient a house is with its upstream: what no user sets, and tests make short. {@code
 * patience}: how long a client waits for its first byte. {@code memoryBytes}: what requests may
 * hold whole.
 */
record Tuning(TransferSettings transfer, WireSettings wire, Duration patience, long memoryBytes) {
  static final Tuning DEFAULT =
      new Tuning(TransferSettings.DEFAULTS, WireSettings.DEFAULT, MirrorSettings.PATIENCE);

  Tuning(TransferSettings transfer, WireSettings wire, Duration patience) {
    this(transfer, wire, patience, DoorSettings.memory(Runtime.getRuntime().maxMemory()));
  }

  Tuning withTransfer(TransferSettings other) {
    return new Tuning(other, wire, patience, memoryBytes);
  }

  Tuning withPatience(Duration most) {
    return new Tuning(transfer, wire, most, memoryBytes);
  }

  Tuning withMemory(long bytes) {
    return new Tuning(transfer, wire, patience, bytes);
  }
}
