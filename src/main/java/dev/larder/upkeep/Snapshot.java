package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;

/** One commit of a repo, as far as it is here. */
public record Snapshot(RepoId repo, Commit commit) {}
