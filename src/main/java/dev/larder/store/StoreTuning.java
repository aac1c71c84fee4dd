package dev.larder.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What only tests set otherwise.
 *
 * @param boot names the kernel that runs now: what it has in its page cache it still has
 * @param recordBytes landed bytes that make a journal record worth while
 * @param syncBytes landed bytes after which an attempt is synced while it goes on; so much a power
 *     cut may take away
 * @param openChannels idle channels kept open
 * @param atOnceBytes of blobs without a row that are hashed before the store is ready
 */
record StoreTuning(
    String boot, long recordBytes, long syncBytes, int openChannels, long atOnceBytes) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");

  static StoreTuning standard() {
    return new StoreTuning(bootId(), 1L << 20, 256L << 20, 256, 64L << 20);
  }

  /** One that cannot be told is never the same as another. */
  private static String bootId() {
    try {
      return Files.readString(BOOT_ID).strip();
    } catch (IOException e) {
      StoreLog.LOG.warn("the kernel's boot id cannot be read; only synced bytes are resumed", e);
      return "unknown-" + BlobLayout.uniqueName();
    }
  }
}
