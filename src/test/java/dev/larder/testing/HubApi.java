package dev.larder.testing;

import dev.larder.content.Commit;
import dev.larder.content.RepoKind;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The JSON answers of a {@link FakeHub}, in the real hub's shapes, Xet fields included. */
final class HubApi {
  private static final JsonMapper JSON = new JsonMapper();

  private final FakeHub hub;

  HubApi(FakeHub hub) {
    this.hub = hub;
  }

  HubReply answer(HubRequest request, FakeRepo repo, HubRoutes.Route route) {
    List<String> rest = route.rest();
    if (rest.isEmpty()) {
      return info(request, repo, "main");
    }
    return switch (rest.getFirst()) {
      case "revision" -> info(request, repo, rest.get(1));
      case "tree" -> tree(request, repo, rest);
      case "paths-info" -> pathsInfo(request, repo, rest.get(1));
      case "refs" -> HubReply.json(JSON.writeValueAsString(refs(repo)));
      case "commits" -> commits(request, repo, rest.get(1));
      case "auth-check" -> HubReply.json("");
      default -> HubRoutes.notFound();
    };
  }

  /** One page of the repos whose name has what {@code search} and {@code author} ask for. */
  HubReply search(HubRequest request, RepoKind kind) {
    String name = field(request, "search");
    String author = field(request, "author");
    return paged(
        request,
        hub.all(kind)
            .filter(repo -> repo.readableBy(request.token()) || repo.gated())
            .map(repo -> repo.id().name())
            .filter(id -> id.contains(name) && (author.isEmpty() || id.startsWith(author + "/")))
            .map(id -> Map.of("id", id, "modelId", id, "private", false, "xetEnabled", true))
            .toList());
  }

  private static String field(HubRequest request, String name) {
    return Stream.of(request.query().split("&"))
        .filter(part -> part.startsWith(name + "="))
        .map(part -> URLDecoder.decode(part.substring(name.length() + 1), StandardCharsets.UTF_8))
        .findFirst()
        .orElse("");
  }

  HubReply whoAmI(HubRequest request) {
    return request
        .token()
        .flatMap(hub::user)
        .map(
            user ->
                HubReply.json(
                    JSON.writeValueAsString(
                        Map.of("type", "user", "name", user, "orgs", List.of()))))
        .orElseGet(() -> HubRoutes.error(401, "", "Invalid username or password."));
  }

  private HubReply info(HubRequest request, FakeRepo repo, String revision) {
    Optional<Commit> commit = repo.resolve(revision);
    if (commit.isEmpty()) {
      return HubRoutes.noRevision();
    }
    boolean blobs = request.query().contains("blobs=true");
    List<Map<String, Object>> siblings = new ArrayList<>();
    repo.snapshot(commit.get()).forEach((path, file) -> siblings.add(sibling(path, file, blobs)));
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("_id", repo.hubId());
    info.put("id", repo.id().name());
    info.put("modelId", repo.id().name());
    info.put("sha", commit.get().hex());
    info.put("private", repo.visibility() == FakeRepo.Visibility.PRIVATE);
    info.put("gated", repo.visibility() == FakeRepo.Visibility.GATED ? "auto" : (Object) false);
    info.put("disabled", false);
    info.put("tags", List.of("safetensors", "en"));
    info.put("downloads", 42);
    info.put("lastModified", "2026-01-02T03:04:05.000Z");
    info.put("siblings", siblings);
    info.put("xetEnabled", true);
    return HubReply.json(JSON.writeValueAsString(info));
  }

  private static Map<String, Object> sibling(String path, FakeFile file, boolean blobs) {
    Map<String, Object> sibling = new LinkedHashMap<>();
    sibling.put("rfilename", path);
    if (blobs) {
      sibling.put("size", file.size());
      sibling.put("blobId", file.gitId().hex());
      if (file.lfs()) {
        sibling.put(
            "lfs",
            Map.of(
                "sha256", file.identity(),
                "size", file.size(),
                "pointerSize", file.pointer().length));
      }
    }
    return sibling;
  }

  private HubReply tree(HubRequest request, FakeRepo repo, List<String> rest) {
    Optional<Commit> commit = repo.resolve(rest.get(1));
    if (commit.isEmpty()) {
      return HubRoutes.noRevision();
    }
    String below = String.join("/", rest.subList(2, rest.size()));
    boolean recursive = request.query().contains("recursive=true");
    Map<String, Map<String, Object>> entries = new TreeMap<>();
    repo.snapshot(commit.get())
        .forEach((path, file) -> addEntry(entries, path, file, below, recursive));
    if (entries.isEmpty() && !below.isEmpty()) {
      return HubRoutes.noEntry(commit.get());
    }
    return paged(request, List.copyOf(entries.values()));
  }

  private static void addEntry(
      Map<String, Map<String, Object>> entries,
      String path,
      FakeFile file,
      String below,
      boolean recursive) {
    String prefix = below.isEmpty() ? "" : below + "/";
    if (!path.startsWith(prefix)) {
      return;
    }
    for (int slash = path.indexOf('/', prefix.length());
        slash > 0;
        slash = path.indexOf('/', slash + 1)) {
      String folder = path.substring(0, slash);
      entries.put(
          folder, Map.of("type", "directory", "oid", sha(folder), "size", 0, "path", folder));
      if (!recursive) {
        return;
      }
    }
    entries.put(path, entry(path, file));
  }

  private static Map<String, Object> entry(String path, FakeFile file) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("type", "file");
    entry.put("oid", file.gitId().hex());
    entry.put("size", file.size());
    entry.put("path", path);
    if (file.lfs()) {
      entry.put(
          "lfs",
          Map.of(
              "oid", file.identity(),
              "size", file.size(),
              "pointerSize", file.pointer().length));
      entry.put("xetHash", file.identity().substring(2) + "ff");
    }
    return entry;
  }

  private HubReply paged(HubRequest request, List<?> all) {
    int from = number(request, "cursor").orElse(0);
    int size = number(request, "limit").orElse(hub.pageSize());
    int to = Math.min(all.size(), from + size);
    HubReply reply = HubReply.json(JSON.writeValueAsString(all.subList(Math.min(from, to), to)));
    if (to < all.size()) {
      String rest =
          Stream.of(request.query().split("&"))
              .filter(part -> !part.isEmpty() && !part.startsWith("cursor="))
              .reduce("", (a, b) -> a + b + "&");
      reply.with(
          "Link",
          "<" + hub.hubBase() + request.path() + "?" + rest + "cursor=" + to + ">; rel=\"next\"");
    }
    return reply;
  }

  private static Optional<Integer> number(HubRequest request, String name) {
    return Stream.of(request.query().split("&"))
        .filter(part -> part.startsWith(name + "="))
        .map(part -> Integer.valueOf(part.substring(name.length() + 1)))
        .findFirst();
  }

  private static HubReply pathsInfo(HubRequest request, FakeRepo repo, String revision) {
    Optional<Commit> commit = repo.resolve(revision);
    if (commit.isEmpty()) {
      return HubRoutes.noRevision();
    }
    Map<String, FakeFile> files = repo.snapshot(commit.get());
    List<Map<String, Object>> found = new ArrayList<>();
    for (String path : askedPaths(request)) {
      FakeFile file = files.get(path);
      if (file != null) {
        found.add(entry(path, file));
      } else if (files.keySet().stream().anyMatch(other -> other.startsWith(path + "/"))) {
        found.add(Map.of("type", "directory", "oid", sha(path), "size", 0, "path", path));
      }
    }
    return HubReply.json(JSON.writeValueAsString(found));
  }

  private static List<String> askedPaths(HubRequest request) {
    String body = new String(request.body(), StandardCharsets.UTF_8);
    if (request.header("content-type").orElse("").contains("json")) {
      List<String> paths = new ArrayList<>();
      for (JsonNode path : JSON.readTree(body).path("paths")) {
        paths.add(path.asString());
      }
      return paths;
    }
    return Stream.of(body.split("&"))
        .filter(part -> part.startsWith("paths="))
        .map(part -> URLDecoder.decode(part.substring(6), StandardCharsets.UTF_8))
        .toList();
  }

  private static Map<String, Object> refs(FakeRepo repo) {
    List<Map<String, String>> branches = new ArrayList<>();
    List<Map<String, String>> tags = new ArrayList<>();
    List<Map<String, String>> converts = new ArrayList<>();
    repo.refs()
        .forEach(
            (ref, commit) -> {
              var list =
                  ref.startsWith("refs/heads/")
                      ? branches
                      : ref.startsWith("refs/tags/") ? tags : converts;
              String name = ref.replaceFirst("refs/(heads|tags|convert)/", "");
              list.add(Map.of("name", name, "ref", ref, "targetCommit", commit.hex()));
            });
    return Map.of("branches", branches, "tags", tags, "converts", converts);
  }

  private HubReply commits(HubRequest request, FakeRepo repo, String revision) {
    if (repo.resolve(revision).isEmpty()) {
      return HubRoutes.noRevision();
    }
    return paged(
        request,
        repo.history().stream()
            .map(
                commit ->
                    Map.of(
                        "id",
                        commit.hex(),
                        "title",
                        "Change " + commit.hex().substring(0, 7),
                        "message",
                        "",
                        "date",
                        "2026-01-02T03:04:05.000Z",
                        "authors",
                        List.of(Map.of("user", "somebody"))))
            .toList());
  }

  private static String sha(String text) {
    return FakeContent.of(text.getBytes(StandardCharsets.UTF_8)).gitId().hex();
  }
}
