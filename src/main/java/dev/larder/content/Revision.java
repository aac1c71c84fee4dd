package dev.larder.content;

import java.util.Optional;

/**
 * What a client asked for: a branch, a tag, {@code refs/pr/1}, or a commit. May hold {@code /}, and
 * every part is safe as a file name.
 */
public record Revision(String name) {
  public static final Revision MAIN = new Revision("main");

  public Revision {
    Names.checkOrdinary("revision", name);
  }

  /** The commit, when the revision is one and so can never move. */
  public Optional<Commit> commit() {
    return Commit.looksLike(name) ? Optional.of(new Commit(name)) : Optional.empty();
  }

  @Override
  public String toString() {
    return name;
  }
}
