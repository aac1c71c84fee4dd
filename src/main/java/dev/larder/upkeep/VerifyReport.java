package dev.larder.upkeep;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/**
 * What a verification saw. {@code blobs} and {@code bytes} were read and hashed, which took {@code
 * hashingMillis}; 0: nobody looked at a clock.
 */
public record VerifyReport(long blobs, long bytes, List<Finding> findings, long hashingMillis) {
  public VerifyReport {
    findings = List.copyOf(findings);
  }

  public VerifyReport(long blobs, long bytes, List<Finding> findings) {
    this(blobs, bytes, findings, 0);
  }

  /** Both together. */
  public VerifyReport plus(VerifyReport more) {
    return new VerifyReport(
        blobs + more.blobs,
        bytes + more.bytes,
        Stream.concat(findings.stream(), more.findings.stream()).toList(),
        hashingMillis + more.hashingMillis);
  }

  /** Nothing was wrong, or all of it was repaired. */
  public boolean sound() {
    return findings.stream().allMatch(Finding::repaired);
  }

  /** What the hashing came to; 0 when it took no time that can be told. */
  public long bytesPerSecond() {
    return hashingMillis <= 0
        ? 0
        : Math.round(bytes * (double) Duration.ofSeconds(1).toMillis() / hashingMillis);
  }
}
