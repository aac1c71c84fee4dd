package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * What a pull brought. {@code snapshot} is the directory of the commit in the cache tree; after a
 * dry run it need not exist. {@code stale}: the hub could not confirm the revision, the cached one
 * was used. {@code leftOut}: files that were selected and cannot be kept under their names. {@code
 * location}: where the repo lives.
 */
public record PullResult(
    RepoId repo,
    Commit commit,
    Path snapshot,
    List<PulledFile> files,
    long upstreamBytes,
    boolean stale,
    List<LeftOutFile> leftOut,
    String location) {
  private static final String PRIMARY = "primary";

  public PullResult {
    files = List.copyOf(files);
    leftOut = List.copyOf(leftOut);
    location = Objects.requireNonNullElse(location, PRIMARY); // Of a server that knows one only.
  }

  public PullResult(
      RepoId repo,
      Commit commit,
      Path snapshot,
      List<PulledFile> files,
      long upstreamBytes,
      boolean stale,
      List<LeftOutFile> leftOut) {
    this(repo, commit, snapshot, files, upstreamBytes, stale, leftOut, PRIMARY);
  }

  /** The same, in the location {@code place}. */
  public PullResult at(String place) {
    return new PullResult(repo, commit, snapshot, files, upstreamBytes, stale, leftOut, place);
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
