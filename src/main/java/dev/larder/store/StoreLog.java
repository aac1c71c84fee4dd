package dev.larder.store;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The room's one logger. */
final class StoreLog {
  static final Logger LOG = LoggerFactory.getLogger("dev.larder.store");

  private StoreLog() {}
}
