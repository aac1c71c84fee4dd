package dev.larder.testing;

import dev.larder.content.Commit;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Finds what a request to the hub is about. Splits the raw path first and decodes each part once.
 */
final class HubRoutes {
  private final FakeHub hub;
  private final HubApi api;

  HubRoutes(FakeHub hub) {
    this.hub = hub;
    this.api = new HubApi(hub);
  }

  /** A request about one repo: {@code rest} begins with the route's word, all parts decoded. */
  record Route(RepoId repo, List<String> rest, boolean api) {}

  HubReply answer(HubRequest request) {
    List<String> parts =
        Stream.of(request.path().substring(1).split("/", -1)).map(HubRoutes::decoded).toList();
    if (parts.equals(List.of("api", "whoami-v2"))) {
      return api.whoAmI(request);
    }
    Optional<FakeHub.HubPage> page = hub.page(request.path());
    if (page.isPresent()) {
      return HubReply.text(200, page.get().type(), page.get().body());
    }
    try {
      if (parts.size() == 2 && parts.getFirst().equals("api")) {
        return api.search(request, RepoKind.of(parts.get(1)));
      }
      Optional<Route> git = HubGit.route(parts);
      if (git.isPresent()) {
        return forRepo(request, git.get());
      }
      Optional<Route> route = route(parts);
      return route.isEmpty() ? notFound() : forRepo(request, route.get());
    } catch (InvalidName _) {
      return notFound();
    }
  }

  private static Optional<Route> route(List<String> parts) {
    if (parts.size() > 2 && parts.getFirst().equals("api")) {
      if (parts.get(1).equals("resolve-cache") && parts.size() > 5) {
        return Optional.of(
            new Route(
                new RepoId(
                    RepoKind.of(parts.get(2)),
                    parts.get(3).equals("_") ? parts.get(4) : parts.get(3) + "/" + parts.get(4)),
                Stream.concat(Stream.of("resolve-cache"), parts.stream().skip(5)).toList(),
                true));
      }
      return apiRoute(RepoKind.of(parts.get(1)), parts.subList(2, parts.size()));
    }
    RepoKind kind =
        switch (parts.getFirst()) {
          case "datasets" -> RepoKind.DATASET;
          case "spaces" -> RepoKind.SPACE;
          default -> RepoKind.MODEL;
        };
    List<String> rest = kind == RepoKind.MODEL ? parts : parts.subList(1, parts.size());
    for (int at = 1; at <= 2 && at < rest.size(); at++) {
      if (List.of("resolve", "raw").contains(rest.get(at)) && rest.size() > at + 2) {
        return Optional.of(named(kind, rest, at, false));
      }
    }
    return Optional.empty();
  }

  private static Optional<Route> apiRoute(RepoKind kind, List<String> rest) {
    List<String> words = List.of("revision", "tree", "refs", "paths-info", "commits", "auth-check");
    int at = rest.size() > 1 && words.contains(rest.get(1)) ? 1 : Math.min(2, rest.size());
    return Optional.of(named(kind, rest, at, true));
  }

  private static Route named(RepoKind kind, List<String> parts, int at, boolean api) {
    RepoId repo = new RepoId(kind, String.join("/", parts.subList(0, at)));
    return new Route(repo, parts.subList(at, parts.size()), api);
  }

  private HubReply forRepo(HubRequest request, Route route) {
    Optional<String> token = request.token();
    if (token.isPresent() && !hub.known(token.get())) {
      return error(401, "", "Invalid credentials in Authorization header");
    }
    Optional<RepoId> newName = hub.newName(route.repo());
    if (newName.isPresent()) {
      String old = route.repo().name();
      String target =
          request.target().replaceFirst(java.util.regex.Pattern.quote(old), newName.get().name());
      return HubReply.text(307, "text/plain", "Moved").with("Location", target);
    }
    Optional<FakeRepo> repo = hub.find(route.repo());
    boolean described =
        route.api() && !isFile(route) && !route.rest().equals(List.of("auth-check"));
    if (repo.isEmpty() || !(repo.get().readableBy(token) || described && repo.get().gated())) {
      return closed(repo, token);
    }
    if (route.rest().equals(FakeLfs.BATCH)) {
      return FakeLfs.batch(hub, request, repo.get());
    }
    if (HubGit.isGit(route.rest())) {
      return HubGit.answer(request, hub.git(route.repo()), route.rest());
    }
    return isFile(route)
        ? resolveCache(request, repo.get(), route)
        : route.api() ? api.answer(request, repo.get(), route) : file(request, repo.get(), route);
  }

  private static boolean isFile(Route route) {
    return route.api()
        && !route.rest().isEmpty()
        && route.rest().getFirst().equals("resolve-cache");
  }

  private static HubReply closed(Optional<FakeRepo> repo, Optional<String> token) {
    FakeRepo.Visibility how = repo.map(FakeRepo::visibility).orElse(FakeRepo.Visibility.PRIVATE);
    return switch (how) {
      case GATED ->
          error(token.isPresent() ? 403 : 401, "GatedRepo", "Access to this model is restricted.");
      case DISABLED -> error(403, "", "Access to this resource is disabled.");
      case PRIVATE, PUBLIC ->
          error(token.isPresent() ? 404 : 401, "RepoNotFound", "Repository not found");
    };
  }

  private HubReply file(HubRequest request, FakeRepo repo, Route route) {
    Optional<Commit> commit = repo.resolve(route.rest().get(1));
    if (commit.isEmpty()) {
      return noRevision();
    }
    String path = String.join("/", route.rest().subList(2, route.rest().size()));
    FakeFile file = repo.snapshot(commit.get()).get(path);
    if (file == null) {
      return noEntry(commit.get());
    }
    if (route.rest().getFirst().equals("raw")) {
      FakeContent text = file.lfs() ? FakeContent.of(file.pointer()) : file.content();
      return HubReply.file(text, file.gitId().hex(), request)
          .with("Content-Type", "text/plain; charset=utf-8")
          .with("X-Repo-Commit", commit.get().hex());
    }
    return file.lfs()
        ? toCdn(repo, commit.get(), path, file)
        : toCache(repo, commit.get(), path, file);
  }

  private HubReply toCdn(FakeRepo repo, Commit commit, String path, FakeFile file) {
    String xet = file.identity().substring(2) + "ff";
    String refresh = "/api/models/" + repo.id().name() + "/xet-read-token/" + commit;
    return HubReply.text(302, "text/plain", "Found. Redirecting to the content")
        .with("Location", hub.signedAddress(repo.id(), path, file))
        .with("X-Repo-Commit", commit.hex())
        .with("X-Linked-Size", Long.toString(file.size()))
        .with("X-Linked-Etag", '"' + file.identity() + '"')
        .with("ETag", "W/\"21-redirect\"")
        .with("X-Xet-Hash", xet)
        .with("X-Xet-Refresh-Route", refresh)
        .with("Link", "<" + hub.hubBase() + refresh + ">; rel=\"xet-auth\"");
  }

  private static HubReply toCache(FakeRepo repo, Commit commit, String path, FakeFile file) {
    String location =
        "/api/resolve-cache/%s/%s/%s/%s?etag=%s"
            .formatted(
                repo.id().kind().plural(),
                repo.id().name().contains("/") ? repo.id().name() : "_/" + repo.id().name(),
                commit.hex(),
                encodedPath(path),
                URLEncoder.encode('"' + file.identity() + '"', StandardCharsets.UTF_8));
    return HubReply.text(307, "text/plain", "Temporary Redirect. Redirecting to the file")
        .with("Location", location)
        .with("X-Repo-Commit", commit.hex())
        .with("ETag", "W/\"2b-redirect\"");
  }

  private static HubReply resolveCache(HubRequest request, FakeRepo repo, Route route) {
    Commit commit = new Commit(route.rest().get(1));
    String path = String.join("/", route.rest().subList(2, route.rest().size()));
    FakeFile file = repo.snapshot(commit).get(path);
    // huggingface_hub 1.23 drops the query when it follows this redirect.
    boolean known = request.query().isEmpty() || request.query().startsWith("etag=");
    if (file == null || !known) {
      return noEntry(commit);
    }
    return HubReply.file(file.content(), file.identity(), request)
        .with("Content-Type", "text/plain; charset=utf-8")
        .with("X-Repo-Commit", commit.hex());
  }

  static HubReply noRevision() {
    return error(404, "RevisionNotFound", "Invalid rev id");
  }

  static HubReply noEntry(Commit commit) {
    return error(404, "EntryNotFound", "Entry not found").with("X-Repo-Commit", commit.hex());
  }

  static HubReply notFound() {
    return error(404, "", "Sorry, we can't find the page you are looking for.");
  }

  static HubReply error(int status, String code, String message) {
    HubReply reply =
        HubReply.text(status, "application/json; charset=utf-8", "{\"error\":\"" + message + "\"}");
    return code.isEmpty()
        ? reply.with("X-Error-Message", message)
        : reply.with("X-Error-Code", code).with("X-Error-Message", message);
  }

  private static String encodedPath(String path) {
    return Stream.of(path.split("/"))
        .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8).replace("+", "%20"))
        .collect(Collectors.joining("/"));
  }

  private static String decoded(String part) {
    return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
  }
}
