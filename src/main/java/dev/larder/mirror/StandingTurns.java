package dev.larder.mirror;

import dev.larder.content.RepoId;

/** What is done when a repo's standing at the hub turns out to be another one. */
record StandingTurns(Entitlements entitlements, Publishing publishing, Documents documents)
    implements StandingBook.Turns {
  @Override
  public void closed(RepoId repo) {
    if (!entitlements.inTree(repo)) {
      publishing.withdrawIfPossible(repo);
    }
  }

  @Override
  public void opened(RepoId repo) {
    publishing.forgetContents(repo);
    documents.forget(repo);
  }
}
