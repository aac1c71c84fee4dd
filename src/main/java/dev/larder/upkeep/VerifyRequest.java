package dev.larder.upkeep;

import java.util.List;

/**
 * Recompute hashes: of {@code targets}, or of everything when there are none. {@code repair}:
 * quarantine what is damaged and fetch it again.
 */
public record VerifyRequest(List<VerifyTarget> targets, boolean repair) {
  public VerifyRequest {
    targets = List.copyOf(targets);
  }
}
