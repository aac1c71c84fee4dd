package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import java.nio.file.Path;
import java.util.List;

/**
 * What a pull brought. {@code snapshot} is the directory of the commit in the cache tree; after a
 * dry run it need not exist. {@code stale}: the hub could not confirm the revision, the cached one
 * was used. {@code leftOut}: files that were selected and cannot be kept under their names.
 */
public record PullResult(
    RepoId repo,
    Commit commit,
    Path snapshot,
    List<PulledFile> files,
    long upstreamBytes,
    boolean stale,
    List<LeftOutFile> leftOut) {
  public PullResult {
    files = List.copyOf(files);
    leftOut = List.copyOf(leftOut);
  }

  public long totalBytes() {
    return files.stream().mapToLong(f -> Math.max(0, f.sizeBytes())).sum();
  }

  /** Bytes of files that are not here yet. */
  public long missingBytes() {
    return files.stream()
        .filter(f -> f.state() == PulledFile.State.MISSING)
        .mapToLong(f -> Math.max(0, f.sizeBytes()))
        .sum();
  }
}
