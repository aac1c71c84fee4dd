package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Under which names documents are kept. Parts are length-prefixed, so that no two questions share a
 * name; a long question is kept under its hash, since anybody can ask one of any length.
 */
final class DocumentKeys {
  private static final int LONGEST = 512;

  /** The pseudo header that keeps a page's {@code next} query. */
  static final String NEXT = "next-query";

  private DocumentKeys() {}

  /** The repo a document is about; empty when it is about none. */
  static Optional<RepoId> repo(DocumentRequest request) {
    return switch (request) {
      case DocumentRequest.Info(RepoId repo, _, _) -> Optional.of(repo);
      case DocumentRequest.Tree(RepoId repo, _, _, _, _) -> Optional.of(repo);
      case DocumentRequest.Refs(RepoId repo, _) -> Optional.of(repo);
      case DocumentRequest.PathsInfo(RepoId repo, _, _, _) -> Optional.of(repo);
      case DocumentRequest.Commits(RepoId repo, _, _) -> Optional.of(repo);
      case DocumentRequest.Raw(RepoId repo, _, _) -> Optional.of(repo);
      case DocumentRequest.AuthCheck(RepoId repo) -> Optional.of(repo);
      case DocumentRequest.Search _, DocumentRequest.WhoAmI _ -> Optional.empty();
    };
  }

  static String key(DocumentRequest request) {
    String spelled = spelled(request);
    return spelled.length() <= LONGEST ? spelled : "sha256:" + sha256(spelled);
  }

  private static String sha256(String text) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(sha256.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static String spelled(DocumentRequest request) {
    return switch (request) {
      case DocumentRequest.Info(_, Optional<Revision> revision, String query) ->
          join("info", revision.map(Revision::name).orElse("main"), query);
      case DocumentRequest.Tree(
              _,
              Revision revision,
              var path,
              boolean recursive,
              boolean expand) ->
          join(
              "tree",
              revision.name(),
              path.map(Object::toString).orElse(""),
              recursive + "," + expand);
      case DocumentRequest.Refs(_, String query) -> join("refs", query);
      case DocumentRequest.PathsInfo(_, Revision revision, var paths, boolean expand) ->
          join(
              "paths-info",
              revision.name(),
              join(paths.toArray(String[]::new)),
              String.valueOf(expand));
      case DocumentRequest.Commits(_, Revision revision, String query) ->
          join("commits", revision.name(), query);
      case DocumentRequest.Raw(_, Revision revision, var path) ->
          join("raw", revision.name(), path.value());
      case DocumentRequest.AuthCheck _ -> "auth-check";
      case DocumentRequest.Search(var kind, String query) -> join("search", kind.plural(), query);
      case DocumentRequest.WhoAmI() -> "whoami";
    };
  }

  /** The listing of every file of a commit, as clients that fetch snapshots ask for it. */
  static String wholeTree(Commit commit) {
    return join("tree", commit.hex(), "", "true,false");
  }

  /** No document of the hub's: which commits a branch was said to mean. */
  static String told(Revision branch) {
    return join("told", branch.name());
  }

  static boolean isWholeTree(DocumentRequest request) {
    return request
            instanceof
            DocumentRequest.Tree(
                _,
                Revision revision,
                Optional<?> path,
                boolean all,
                boolean expand)
        && revision.commit().isPresent()
        && path.isEmpty()
        && all
        && !expand;
  }

  private static String join(String... parts) {
    StringBuilder key = new StringBuilder();
    for (String part : parts) {
      key.append(part.length()).append(':').append(part);
    }
    return key.toString();
  }

  /** The revision that an info document resolves; null for every other document. */
  static @Nullable Revision infoRevision(DocumentRequest request) {
    return request instanceof DocumentRequest.Info(_, Optional<Revision> revision, _)
        ? revision.orElse(Revision.MAIN)
        : null;
  }

  /** The branch or tag that a document is of; null when it is of none, or of a commit. */
  static @Nullable Revision branch(DocumentRequest request) {
    Revision revision =
        switch (request) {
          case DocumentRequest.Info(_, Optional<Revision> named, _) -> named.orElse(Revision.MAIN);
          case DocumentRequest.Tree tree -> tree.revision();
          case DocumentRequest.PathsInfo paths -> paths.revision();
          case DocumentRequest.Commits commits -> commits.revision();
          case DocumentRequest.Raw raw -> raw.revision();
          default -> null;
        };
    return revision == null || revision.commit().isPresent() ? null : revision;
  }

  /** The same question about {@code commit}. */
  static DocumentRequest at(DocumentRequest request, Commit commit) {
    Revision at = new Revision(commit.hex());
    return switch (request) {
      case DocumentRequest.Info(RepoId repo, _, String query) ->
          new DocumentRequest.Info(repo, Optional.of(at), query);
      case DocumentRequest.Tree(RepoId repo, _, var path, boolean recursive, boolean expand) ->
          new DocumentRequest.Tree(repo, at, path, recursive, expand);
      case DocumentRequest.PathsInfo(RepoId repo, _, var paths, boolean expand) ->
          new DocumentRequest.PathsInfo(repo, at, paths, expand);
      case DocumentRequest.Commits(RepoId repo, _, String query) ->
          new DocumentRequest.Commits(repo, at, query);
      case DocumentRequest.Raw(RepoId repo, _, var path) -> new DocumentRequest.Raw(repo, at, path);
      default -> request;
    };
  }

  /** The question that tells what a branch means. */
  static DocumentRequest info(RepoId repo, Revision branch) {
    return new DocumentRequest.Info(repo, Optional.of(branch), "");
  }

  static String headerLines(Document document) {
    Map<String, String> all = new LinkedHashMap<>(document.headers());
    document.nextQuery().ifPresent(next -> all.put(NEXT, next));
    return all.entrySet().stream()
        .map(e -> e.getKey() + ": " + e.getValue())
        .collect(Collectors.joining("\n"));
  }

  static Map<String, String> headers(String lines) {
    return lines
        .lines()
        .map(line -> line.split(": ", 2))
        .filter(pair -> pair.length == 2)
        .collect(
            Collectors.toMap(pair -> pair[0], pair -> pair[1], (a, _) -> a, LinkedHashMap::new));
  }
}
