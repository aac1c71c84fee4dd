package dev.larder.app;

import dev.larder.transfer.TransferSettings;
import dev.larder.upstream.WireSettings;

/** How patient a house is with its upstream: what no user sets, and tests make short. */
record Tuning(TransferSettings transfer, WireSettings wire) {
  static final Tuning DEFAULT = new Tuning(TransferSettings.DEFAULTS, WireSettings.DEFAULT);
}
