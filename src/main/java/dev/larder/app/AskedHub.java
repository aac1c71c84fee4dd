package dev.larder.app;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.MirrorException;
import dev.larder.mirror.Puller;
import dev.larder.provision.HubFiles;
import dev.larder.upstream.UpstreamException;

/** The hub as {@code caller} sees it. */
record AskedHub(Puller puller, Caller caller) implements HubFiles {
  @Override
  public Answer ask(RepoId repo, Revision revision) {
    try {
      Puller.Listed listed = puller.listed(repo, revision, caller);
      return new Answer.Listed(listed.commit(), listed.files(), !listed.stale());
    } catch (MirrorException.NotThere | MirrorException.NotAllowed e) {
      return new Answer.NotThere(e.explanation());
    } catch (UpstreamException | MirrorException e) {
      return new Answer.Unreachable(e.explanation());
    }
  }
}
