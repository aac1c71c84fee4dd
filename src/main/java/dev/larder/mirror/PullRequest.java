package dev.larder.mirror;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.util.Optional;

/**
 * Bring files of a repo into the cache; with {@code dryRun} only say what would be fetched. {@code
 * location}: where to keep a repo that is nowhere yet.
 */
public record PullRequest(
    RepoId repo,
    Revision revision,
    FileSelection selection,
    boolean dryRun,
    Optional<String> location) {
  public PullRequest(RepoId repo, Revision revision, FileSelection selection, boolean dryRun) {
    this(repo, revision, selection, dryRun, Optional.empty());
  }
}
