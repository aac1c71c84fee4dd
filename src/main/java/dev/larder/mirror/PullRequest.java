package dev.larder.mirror;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;

/** Bring files of a repo into the cache; with {@code dryRun} only say what would be fetched. */
public record PullRequest(
    RepoId repo, Revision revision, FileSelection selection, boolean dryRun) {}
