package dev.larder.location;

import java.nio.file.Path;

/**
 * Move the location {@code name} from the root {@code from}, with its tree {@code hub}, to the root
 * {@code to}. {@code minFreeBytes}: what a copy leaves free there. {@code leaveLink}: where the
 * tree was, leave a link to where it is. {@code dryRun}: only say how it would go.
 */
public record MoveRequest(
    String name,
    Path from,
    Path hub,
    Path to,
    long minFreeBytes,
    boolean leaveLink,
    boolean dryRun) {
  Path larder() {
    return from.resolve("larder");
  }

  Path newLarder() {
    return to.resolve("larder");
  }

  Path newHub() {
    return to.resolve("hub");
  }

  /** Where what lies at {@code path} in the old place lies in the new one. */
  Path arrived(Path path) {
    return path.startsWith(hub())
        ? newHub().resolve(hub().relativize(path))
        : path.startsWith(larder()) ? newLarder().resolve(larder().relativize(path)) : path;
  }

  /** What has come, as a location of its own. */
  MoveRequest there() {
    return new MoveRequest(name, to, newHub(), from, 0, false, true);
  }
}
