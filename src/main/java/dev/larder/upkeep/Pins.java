package dev.larder.upkeep;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import java.util.Optional;
import java.util.Set;

/** What is not to be removed for as long as somebody says so. */
public interface Pins {
  Pins NONE = (_, _) -> Optional.empty();

  /**
   * Why {@code commit} of {@code repo}, or all of it, stays: a part of a sentence such as "pinned
   * by ops". Empty when nobody pinned it.
   */
  Optional<String> on(RepoId repo, Optional<Commit> commit);

  /** Blobs of the store that stay, wherever they stand. */
  default Set<Digest> blobs() {
    return Set.of();
  }
}
