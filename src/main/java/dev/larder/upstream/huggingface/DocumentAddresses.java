package dev.larder.upstream.huggingface;

import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import dev.larder.upstream.WireRequest;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How each question to the API is put. */
record DocumentAddresses(HubAddresses hub) {
  static final String JSON = "application/json";

  /** {@code pageQuery} replaces the question's own query on pages after the first. */
  WireRequest of(DocumentRequest request, String pageQuery) {
    return switch (request) {
      case DocumentRequest.Info(RepoId repo, Optional<Revision> revision, String query) ->
          json(
              revision
                  .map(at -> hub.api(repo, query, "revision", at.name()))
                  .orElseGet(() -> hub.api(repo, query)),
              "the description of " + repo);
      case DocumentRequest.Tree tree -> tree(tree, pageQuery);
      case DocumentRequest.Refs(RepoId repo, String query) ->
          json(hub.api(repo, query, "refs"), "the branches of " + repo);
      case DocumentRequest.PathsInfo paths -> pathsInfo(paths);
      case DocumentRequest.Commits(RepoId repo, Revision revision, String query) ->
          json(hub.api(repo, query, "commits", revision.name()), "the commits of " + repo);
      case DocumentRequest.Raw(RepoId repo, Revision revision, EntryPath path) ->
          WireRequest.get(
              hub.file(repo, "raw", revision.name(), path.value()),
              "the text of " + repo + "@" + revision + "/" + path);
      case DocumentRequest.AuthCheck(RepoId repo) ->
          WireRequest.get(hub.api(repo, "", "auth-check"), "whether one may read " + repo);
      case DocumentRequest.Search(RepoKind kind, String query) ->
          json(hub.withQuery("/api/" + kind.plural(), query), "a list of " + kind.plural());
      case DocumentRequest.WhoAmI() ->
          json(hub.withQuery("/api/whoami-v2", ""), "who a token belongs to");
    };
  }

  private WireRequest tree(DocumentRequest.Tree tree, String pageQuery) {
    String query =
        pageQuery.isEmpty()
            ? "recursive=" + tree.recursive() + "&expand=" + tree.expand()
            : pageQuery;
    String[] parts =
        tree.path()
            .map(path -> new String[] {"tree", tree.revision().name(), path.value()})
            .orElseGet(() -> new String[] {"tree", tree.revision().name()});
    return json(
        hub.api(tree.repo(), query, parts), "the files of " + tree.repo() + "@" + tree.revision());
  }

  private WireRequest pathsInfo(DocumentRequest.PathsInfo request) {
    String form =
        Stream.concat(
                request.paths().stream().map(path -> "paths=" + encoded(path)),
                Stream.of("expand=" + request.expand()))
            .collect(Collectors.joining("&"));
    URI address = hub.api(request.repo(), "", "paths-info", request.revision().name());
    return new WireRequest(
            "POST",
            address,
            Map.of("Accept", JSON),
            form.getBytes(StandardCharsets.US_ASCII),
            "what is at " + count(request.paths()) + " of " + request.repo())
        .with("Content-Type", "application/x-www-form-urlencoded");
  }

  private static String count(List<String> paths) {
    return paths.size() == 1 ? "one path" : paths.size() + " paths";
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static WireRequest json(URI address, String what) {
    return WireRequest.get(address, what).with("Accept", JSON);
  }
}
