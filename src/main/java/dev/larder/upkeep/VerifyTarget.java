package dev.larder.upkeep;

import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.util.Optional;

/**
 * What to look at: a repo, or one revision of it. {@code file}: only this file, or what is below it
 * when it ends in {@code /}.
 */
public record VerifyTarget(RepoId repo, Optional<Revision> revision, Optional<String> file) {
  /** Throws {@link dev.larder.content.InvalidName} when the file cannot be a path. */
  public VerifyTarget {
    file.map(path -> path.endsWith("/") ? path.substring(0, path.length() - 1) : path)
        .ifPresent(VerifyTarget::checked);
  }

  private static EntryPath checked(String path) {
    return new EntryPath(path);
  }

  /** Reads {@code org/name} and {@code org/name@REVISION}. */
  public static VerifyTarget parse(String text) {
    int at = text.indexOf('@');
    return at < 0
        ? new VerifyTarget(RepoId.parse(text), Optional.empty(), Optional.empty())
        : new VerifyTarget(
            RepoId.parse(text.substring(0, at)),
            Optional.of(new Revision(text.substring(at + 1))),
            Optional.empty());
  }

  /** Reads what {@link #toString} writes; no name of a repo or a revision has a colon. */
  public static VerifyTarget read(String text) {
    int colon = text.indexOf(':');
    VerifyTarget whole = parse(colon < 0 ? text : text.substring(0, colon));
    return colon < 0
        ? whole
        : new VerifyTarget(whole.repo(), whole.revision(), Optional.of(text.substring(colon + 1)));
  }

  boolean means(EntryPath path) {
    return file.isEmpty()
        || (file.get().endsWith("/")
            ? path.value().startsWith(file.get())
            : path.value().equals(file.get()));
  }

  @Override
  public String toString() {
    return repo + revision.map(r -> "@" + r).orElse("") + file.map(f -> ":" + f).orElse("");
  }
}
