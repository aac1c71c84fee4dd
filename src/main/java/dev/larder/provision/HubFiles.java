package dev.larder.provision;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import java.util.List;

/** What the hub says a revision holds. */
public interface HubFiles {
  Answer ask(RepoId repo, Revision revision);

  /** One answer. */
  sealed interface Answer {
    /** {@code confirmed}: the hub said so just now. */
    record Listed(Commit commit, List<ListedFile> files, boolean confirmed) implements Answer {
      public Listed {
        files = List.copyOf(files);
      }
    }

    /** The hub has no such thing, or not for this caller. */
    record NotThere(String why) implements Answer {}

    /** It could not be asked. */
    record Unreachable(String why) implements Answer {}
  }
}
