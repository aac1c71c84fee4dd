package dev.larder.location;

import java.nio.file.Path;
import java.util.List;

/**
 * What a move did, or would do. {@code files} and {@code bytes}: what the location holds, each file
 * once. {@code cameSince}: what lies in the old tree and not in the new one, since another program
 * put it there meanwhile. {@code leftBehind}: what else lies in the old root and is not Larder's.
 */
public record MoveReport(
    String name,
    Path from,
    Path to,
    How how,
    long files,
    long bytes,
    List<Path> cameSince,
    List<Path> leftBehind) {
  /** How it goes; {@code BEFORE}: it was done by an earlier command, and this one did nothing. */
  public enum How {
    RENAME,
    COPY,
    BEFORE
  }

  public MoveReport {
    cameSince = List.copyOf(cameSince);
    leftBehind = List.copyOf(leftBehind);
  }
}
