package dev.larder.store;

import dev.larder.content.Digest;

/** What the store answers when asked for a blob. */
public sealed interface Lookup {
  record Present(Digest digest, long sizeBytes) implements Lookup {}

  record Absent(Digest digest) implements Lookup {}

  /** Its bytes did not hash to its name; fetch it again. */
  record Quarantined(Digest digest) implements Lookup {}
}
