package dev.larder.upkeep;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.util.Optional;

/** What to look at: a repo, or one revision of it. */
public record VerifyTarget(RepoId repo, Optional<Revision> revision) {
  /** Reads {@code org/name} and {@code org/name@REVISION}. */
  public static VerifyTarget parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new VerifyTarget(RepoId.parse(text), Optional.empty())
        : new VerifyTarget(
            RepoId.parse(text.substring(0, at)), Optional.of(new Revision(text.substring(at + 1))));
  }

  @Override
  public String toString() {
    return repo + revision.map(r -> "@" + r).orElse("");
  }
}
