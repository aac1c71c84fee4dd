package dev.larder.upkeep;

import dev.larder.content.RepoId;

/** Keeps whoever else writes into the tree in this process out of the way of a removal. */
public interface Seclusion {
  /** Does {@code removal} while nothing is put into the repo's folder. */
  void alone(RepoId repo, Runnable removal);

  /** Refs or snapshots of the repo went: what memory has of them is looked at again. */
  void removed(RepoId repo);
}
