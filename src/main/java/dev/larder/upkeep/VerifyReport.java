package dev.larder.upkeep;

import java.util.List;

/** What a verification saw. {@code blobs} and {@code bytes} were read and hashed. */
public record VerifyReport(long blobs, long bytes, List<Finding> findings) {
  public VerifyReport {
    findings = List.copyOf(findings);
  }

  /** Nothing was wrong, or all of it was repaired. */
  public boolean sound() {
    return findings.stream().allMatch(Finding::repaired);
  }
}
