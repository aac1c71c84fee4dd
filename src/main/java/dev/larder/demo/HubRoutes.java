package dev.larder.demo;

import java.io.IOException;
import java.util.List;

/**
 * Which part of the demo's hub answers a path. Only its own repo exists; anything else is refused.
 */
final class HubRoutes {
  private final DemoRepo repo;
  private final HubFiles files;
  private final HubApi api;

  HubRoutes(DemoRepo repo, HubFiles files) {
    this.repo = repo;
    this.files = files;
    this.api = new HubApi(repo);
  }

  void answer(HubCall call) throws IOException {
    List<String> path = call.segments();
    if (path.equals(List.of("api", "whoami-v2"))) {
      call.error(401, null, "Invalid username or password.");
    } else if (isResolveCache(path)) {
      files.cached(call, path.get(5), rest(path, 6));
    } else if (isApi(path)) {
      apiAnswer(call, path);
    } else if (isFile(path)) {
      fileAnswer(call, path);
    } else {
      call.error(404, null, "Sorry, we can't find the page you are looking for.");
    }
  }

  private void apiAnswer(HubCall call, List<String> path) throws IOException {
    if (!names(path, 2)) {
      repoNotFound(call);
      return;
    }
    api.answer(call, path.subList(4, path.size()));
  }

  private void fileAnswer(HubCall call, List<String> path) throws IOException {
    if (!names(path, 0)) {
      repoNotFound(call);
    } else if (!isKnown(repo, path.get(3))) {
      revisionNotFound(call, path.get(3));
    } else if (path.get(2).equals("raw")) {
      files.raw(call, rest(path, 4));
    } else {
      files.resolve(call, rest(path, 4));
    }
  }

  static boolean isKnown(DemoRepo repo, String revision) {
    return revision.equals("main") || revision.equals(repo.commit().hex());
  }

  static void revisionNotFound(HubCall call, String revision) throws IOException {
    call.error(404, "RevisionNotFound", "Invalid rev id: " + ascii(revision));
  }

  /** As the real hub: without a token a missing repo looks like a private one. */
  private static void repoNotFound(HubCall call) throws IOException {
    boolean known = call.header("Authorization") != null;
    call.error(known ? 404 : 401, "RepoNotFound", "Repository not found");
  }

  private boolean isResolveCache(List<String> path) {
    return path.size() > 6
        && path.subList(0, 3).equals(List.of("api", "resolve-cache", "models"))
        && names(path, 3);
  }

  private static boolean isApi(List<String> path) {
    return path.size() >= 4 && path.subList(0, 2).equals(List.of("api", "models"));
  }

  private static boolean isFile(List<String> path) {
    return path.size() > 4 && (path.get(2).equals("resolve") || path.get(2).equals("raw"));
  }

  private boolean names(List<String> path, int from) {
    return repo.id().name().equals(path.get(from) + "/" + path.get(from + 1));
  }

  private static String rest(List<String> path, int from) {
    return String.join("/", path.subList(from, path.size()));
  }

  private static String ascii(String text) {
    return text.replaceAll("[^ -~]", "?");
  }
}
