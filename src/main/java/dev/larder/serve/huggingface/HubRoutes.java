package dev.larder.serve.huggingface;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.StringJoiner;
import java.util.function.Function;

/**
 * Reads the hub's paths, docs/protocols: segments are decoded one by one, so that {@code
 * refs%2Fpr%2F1} is one revision and {@code org/name} are two segments. Pure.
 */
final class HubRoutes {
  /** Revisions that some clients send with their slashes: hf.js in {@code tree}. */
  private static final Set<String> REF_SPACES = Set.of("pr", "convert", "heads", "tags");

  private static final HubRoute UNKNOWN =
      new HubRoute.Unknown("Larder serves the read side of the hub; this path is not part of it.");
  private final List<String> whole;
  private final Function<String, Optional<String>> decoder;
  private final String query;

  private HubRoutes(List<String> whole, Function<String, Optional<String>> decoder, String query) {
    this.whole = whole;
    this.decoder = decoder;
    this.query = query;
  }

  /**
   * {@code raw}: the segments after {@code /hf}, as they were sent. {@code decoder} undoes the
   * escapes of one; empty when it cannot.
   */
  static HubRoute parse(
      List<String> raw, String query, Function<String, Optional<String>> decoder) {
    HubRoutes routes = new HubRoutes(raw, decoder, query);
    try {
      Query.refuseCredentials(query);
      return !raw.isEmpty() && raw.getFirst().equals("api")
          ? routes.api(tail(raw, 1))
          : routes.web(raw);
    } catch (InvalidName e) {
      return new HubRoute.Bad(e);
    }
  }

  private HubRoute web(List<String> raw) {
    RepoKind kind = RepoKind.MODEL;
    List<String> rest = raw;
    if (raw.size() > 1 && (raw.getFirst().equals("datasets") || raw.getFirst().equals("spaces"))) {
      kind = RepoKind.of(raw.getFirst());
      rest = tail(raw, 1);
    }
    int marker = webMarker(rest);
    if (marker < 0) {
      HubRoute git = GitRoutes.of(rest, query, gitValues(kind));
      return git == null ? unknown() : git;
    }
    RepoId repo = repo(kind, rest.subList(0, marker));
    List<String> after = tail(rest, marker + 1);
    int revisionParts = revisionParts(after, 1);
    if (after.size() <= revisionParts) {
      return unknown();
    }
    Revision revision = revision(after, revisionParts);
    EntryPath path = path(tail(after, revisionParts));
    return switch (rest.get(marker)) {
      case "resolve" -> new HubRoute.Resolve(repo, revision, path);
      case "raw" -> new HubRoute.Ask(new DocumentRequest.Raw(repo, revision, path));
      default -> unknown();
    };
  }

  /** A name has one or two segments, so the word after it is the second or the third. */
  private static int webMarker(List<String> rest) {
    for (int i = 1; i <= 2 && i < rest.size(); i++) {
      if (rest.get(i).equals("resolve") || rest.get(i).equals("raw")) {
        return i;
      }
    }
    return -1;
  }

  private HubRoute api(List<String> raw) {
    if (raw.isEmpty()) {
      return UNKNOWN;
    }
    List<String> rest = tail(raw, 1);
    return switch (raw.getFirst()) {
      case "whoami-v2" ->
          rest.isEmpty() ? new HubRoute.Ask(new DocumentRequest.WhoAmI()) : unknown();
      case "resolve-cache" -> resolveCache(rest);
      case "models", "datasets", "spaces" -> repoApi(RepoKind.of(raw.getFirst()), rest);
      // Asked by every process of huggingface_hub as it starts, which waits for the answer.
      case "agent-harnesses" -> UNKNOWN;
      default -> unknown();
    };
  }

  /** Where the hub sends clients for small files; one may have kept the address. */
  private HubRoute resolveCache(List<String> raw) {
    if (raw.isEmpty() || !Set.of("models", "datasets", "spaces").contains(raw.getFirst())) {
      return unknown();
    }
    List<String> rest = tail(raw, 1);
    for (int i = 1; i <= 2 && i < rest.size() - 1; i++) {
      if (Commit.looksLike(rest.get(i))) {
        return new HubRoute.Resolve(
            repo(RepoKind.of(raw.getFirst()), rest.subList(0, i)),
            new Revision(rest.get(i)),
            path(tail(rest, i + 1)));
      }
    }
    return unknown();
  }

  private HubRoute repoApi(RepoKind kind, List<String> rest) {
    if (rest.isEmpty()) {
      return new HubRoute.Ask(new DocumentRequest.Search(kind, query));
    }
    for (int i = 1; i <= 2 && i < rest.size(); i++) {
      List<String> arguments = tail(rest, i + 1);
      if (isQuestion(rest.get(i), arguments.size())) {
        return question(repo(kind, rest.subList(0, i)), rest.get(i), arguments);
      }
    }
    return rest.size() <= 2
        ? new HubRoute.Ask(new DocumentRequest.Info(repo(kind, rest), Optional.empty(), query))
        : unknown();
  }

  private static boolean isQuestion(String word, int arguments) {
    return switch (word) {
      case "refs", "auth-check" -> arguments == 0;
      case "revision", "tree", "paths-info", "commits", "xet-read-token" -> arguments > 0;
      default -> false;
    };
  }

  private HubRoute question(RepoId repo, String word, List<String> arguments) {
    return switch (word) {
      case "refs" -> new HubRoute.Ask(new DocumentRequest.Refs(repo, query));
      case "tree" -> tree(repo, arguments);
      case "revision" ->
          new HubRoute.Ask(
              new DocumentRequest.Info(repo, Optional.of(onlyRevision(arguments)), query));
      case "commits" ->
          new HubRoute.Ask(new DocumentRequest.Commits(repo, onlyRevision(arguments), query));
      case "paths-info" -> new HubRoute.PathsInfo(repo, onlyRevision(arguments));
      case "auth-check" -> new HubRoute.Ask(new DocumentRequest.AuthCheck(repo));
      case "xet-read-token" -> PassRoutes.NO_XET;
      default -> unknown();
    };
  }

  private GitRoutes.Values gitValues(RepoKind kind) {
    return new GitRoutes.Values() {
      @Override
      public RepoId repo(List<String> name) {
        return HubRoutes.this.repo(kind, name);
      }

      @Override
      public HubRoute git(boolean pack) {
        return PassRoutes.git(whole, pack, decoder);
      }
    };
  }

  /** No path of Larder's own: the hub may have an answer. */
  private HubRoute unknown() {
    boolean root = whole.isEmpty() || whole.equals(List.of(""));
    return root ? UNKNOWN : PassRoutes.pass(whole, decoder);
  }

  private HubRoute tree(RepoId repo, List<String> arguments) {
    int revisionParts = revisionParts(arguments, 0);
    List<String> below = tail(arguments, revisionParts);
    Optional<EntryPath> path = below.isEmpty() ? Optional.empty() : Optional.of(path(below));
    return new HubRoute.Ask(
        new DocumentRequest.Tree(
            repo,
            revision(arguments, revisionParts),
            path,
            Query.isTrue(query, "recursive"),
            Query.isTrue(query, "expand")));
  }

  private Revision onlyRevision(List<String> raw) {
    return revision(raw, raw.size());
  }

  /** Three for {@code refs/pr/1} with its slashes when {@code least} segments follow, else one. */
  private static int revisionParts(List<String> raw, int least) {
    return raw.size() >= 3 + least
            && raw.getFirst().equals("refs")
            && REF_SPACES.contains(raw.get(1))
        ? 3
        : 1;
  }

  private Revision revision(List<String> raw, int parts) {
    return new Revision(joined("revision", raw.subList(0, parts)));
  }

  private EntryPath path(List<String> raw) {
    return EntryPath.readable(joined("file path", raw));
  }

  private RepoId repo(RepoKind kind, List<String> raw) {
    String name = joined("repo name", raw);
    if (name.chars().filter(c -> c == '/').count() != raw.size() - 1) {
      throw new InvalidName("repo name", name, "its '/' must not be escaped");
    }
    return new RepoId(kind, name);
  }

  private String joined(String what, List<String> raw) {
    StringJoiner out = new StringJoiner("/");
    for (String segment : raw) {
      out.add(
          decoder
              .apply(segment)
              .orElseThrow(
                  () -> new InvalidName(what, segment, "it is not percent-encoded UTF-8")));
    }
    return out.toString();
  }

  private static List<String> tail(List<String> list, int from) {
    return list.subList(from, list.size());
  }
}
