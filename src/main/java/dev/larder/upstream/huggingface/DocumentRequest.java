package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import java.util.List;
import java.util.Optional;

/**
 * One question to the hub's API. {@code query} is passed on as it is: percent-encoded, without the
 * question mark.
 */
public sealed interface DocumentRequest {
  /** {@code GET /api/{type}s/{repo}} or {@code …/revision/{revision}}. */
  record Info(RepoId repo, Optional<Revision> revision, String query) implements DocumentRequest {}

  /** {@code GET /api/{type}s/{repo}/tree/{revision}[/{path}]}, every page. */
  record Tree(
      RepoId repo, Revision revision, Optional<EntryPath> path, boolean recursive, boolean expand)
      implements DocumentRequest {}

  /** {@code GET /api/{type}s/{repo}/refs}. */
  record Refs(RepoId repo, String query) implements DocumentRequest {}

  /** {@code POST /api/{type}s/{repo}/paths-info/{revision}}. */
  record PathsInfo(RepoId repo, Revision revision, List<String> paths, boolean expand)
      implements DocumentRequest {}

  /** {@code GET /api/{type}s/{repo}/commits/{revision}}, the page that {@code query} names. */
  record Commits(RepoId repo, Revision revision, String query) implements DocumentRequest {}

  /**
   * {@code GET /{repo}/raw/{revision}/{path}}: the text kept in git, for LFS files their pointer.
   */
  record Raw(RepoId repo, Revision revision, EntryPath path) implements DocumentRequest {}

  /**
   * {@code GET /api/{type}s/{repo}/auth-check}: whether the asker may have the repo's files. Its
   * answer has no body.
   */
  record AuthCheck(RepoId repo) implements DocumentRequest {}

  /** {@code GET /api/{type}s}: the repos that {@code query} finds, the page that it names. */
  record Search(RepoKind kind, String query) implements DocumentRequest {}

  /** {@code GET /api/whoami-v2}. */
  record WhoAmI() implements DocumentRequest {}

  /** The repo that it is about; empty for a question about all of them, or about the asker. */
  default Optional<RepoId> about() {
    return switch (this) {
      case Info(RepoId repo, _, _) -> Optional.of(repo);
      case Tree(RepoId repo, _, _, _, _) -> Optional.of(repo);
      case Refs(RepoId repo, _) -> Optional.of(repo);
      case PathsInfo(RepoId repo, _, _, _) -> Optional.of(repo);
      case Commits(RepoId repo, _, _) -> Optional.of(repo);
      case Raw(RepoId repo, _, _) -> Optional.of(repo);
      case AuthCheck(RepoId repo) -> Optional.of(repo);
      case Search _, WhoAmI _ -> Optional.empty();
    };
  }

  /** Immutable when the question names a commit: its answer never changes. */
  default Optional<Commit> commit() {
    return switch (this) {
      case Info(_, Optional<Revision> revision, _) -> revision.flatMap(Revision::commit);
      case Tree(_, Revision revision, _, _, _) -> revision.commit();
      case PathsInfo(_, Revision revision, _, _) -> revision.commit();
      case Raw(_, Revision revision, _) -> revision.commit();
      case Refs _, Commits _, AuthCheck _, Search _, WhoAmI _ -> Optional.empty();
    };
  }
}
