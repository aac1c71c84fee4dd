package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * One cached repo. {@code sizeBytes}: each blob counted once. {@code lastUsed}: as recorded, else
 * the newest access or modification time of its blobs. {@code problems}: a sentence each. {@code
 * skipped}: what the snapshots of its refs should hold and what is never brought in, since its name
 * is no ordinary one everywhere.
 */
public record RepoListing(
    RepoId repo,
    Path folder,
    long sizeBytes,
    Optional<Instant> lastUsed,
    Optional<Instant> lastModified,
    List<Ref> refs,
    State state,
    List<CachedFile> files,
    List<String> problems,
    List<EntryPath> skipped) {
  public RepoListing {
    refs = List.copyOf(refs);
    files = List.copyOf(files);
    problems = List.copyOf(problems);
    skipped = List.copyOf(skipped);
  }

  /** How much of the repo is here. */
  public enum State {
    /** Every file of every snapshot that a ref names, save those that are skipped. */
    COMPLETE,
    /** Some files. */
    PARTIAL,
    /** Something is wrong in its folder; {@code verify} says more. */
    DAMAGED
  }

  /** A ref and the commit it names. */
  public record Ref(Revision revision, Commit commit) {}

  /** A file of a snapshot. {@code blob} is the name of its blob, empty for a plain file. */
  public record CachedFile(Commit commit, EntryPath path, long sizeBytes, String blob) {}
}
