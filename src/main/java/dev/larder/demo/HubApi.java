package dev.larder.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** The documents below {@code /api/models/<repo>}. */
final class HubApi {
  private static final int PAGE = 1000;

  private final DemoRepo repo;
  private final HubDocuments documents;

  HubApi(DemoRepo repo) {
    this.repo = repo;
    this.documents = new HubDocuments(repo);
  }

  /**
   * @param path what follows the repo's name
   */
  void answer(HubCall call, List<String> path) throws IOException {
    String what = path.isEmpty() ? "" : path.getFirst();
    boolean revised = List.of("revision", "tree", "commits", "paths-info").contains(what);
    if (revised && path.size() < 2) {
      call.error(404, null, "Sorry, we can't find the page you are looking for.");
    } else if (revised && !HubRoutes.isKnown(repo, path.get(1))) {
      HubRoutes.revisionNotFound(call, path.get(1));
    } else {
      document(call, what, path);
    }
  }

  private void document(HubCall call, String what, List<String> path) throws IOException {
    switch (what) {
      case "", "revision" -> call.json(documents.info("true".equals(call.query().get("blobs"))));
      case "refs" -> call.json(documents.refs());
      case "commits" -> call.json(documents.commits());
      case "tree" -> tree(call, String.join("/", path.subList(2, path.size())));
      case "paths-info" -> pathsInfo(call);
      case "auth-check" -> call.bytes(200, new byte[0]);
      default -> call.error(404, null, "Sorry, we can't find the page you are looking for.");
    }
  }

  private void tree(HubCall call, String directory) throws IOException {
    if (!repo.directories().containsKey(directory)) {
      call.entryNotFound(repo.commit());
      return;
    }
    Map<String, String> query = call.query();
    List<Map<String, Object>> entries =
        documents.tree(directory, isTrue(query, "recursive"), isTrue(query, "expand"));
    int limit = Math.clamp(number(query.get("limit"), PAGE), 1, PAGE);
    int from = Math.clamp(number(query.get("cursor"), 0), 0, entries.size());
    int to = Math.min(entries.size(), from + limit);
    if (to < entries.size()) {
      call.with("Link", "<" + nextPage(call, limit, to) + ">; rel=\"next\"");
    }
    call.json(entries.subList(from, to));
  }

  private static String nextPage(HubCall call, int limit, int cursor) {
    Map<String, String> query = call.query();
    return "http://%s%s?recursive=%s&expand=%s&limit=%d&cursor=%d"
        .formatted(
            call.header("Host"),
            call.rawPath(),
            isTrue(query, "recursive"),
            isTrue(query, "expand"),
            limit,
            cursor);
  }

  /** Python sends a form with {@code paths} repeated, JavaScript sends JSON. */
  private void pathsInfo(HubCall call) throws IOException {
    String body = new String(call.body(), StandardCharsets.UTF_8);
    @Nullable String type = call.header("Content-Type");
    if (type == null || !type.startsWith("application/json")) {
      List<String> paths =
          Arrays.stream(body.split("&", -1))
              .filter(pair -> pair.startsWith("paths="))
              .map(pair -> HubCall.decodedForm(pair.substring("paths=".length())))
              .toList();
      call.json(documents.paths(paths, isTrue(HubCall.form(body), "expand")));
      return;
    }
    try {
      JsonNode asked = HubCall.JSON.readTree(body);
      List<String> paths =
          asked.path("paths").valueStream().map(node -> node.asString("")).toList();
      call.json(documents.paths(paths, asked.path("expand").asBoolean(false)));
    } catch (JacksonException e) {
      call.error(400, null, "Invalid JSON: " + e.getClass().getSimpleName());
    }
  }

  private static boolean isTrue(Map<String, String> values, String name) {
    return "true".equalsIgnoreCase(values.get(name));
  }

  private static int number(@Nullable String text, int otherwise) {
    return text != null && text.matches("\\d{1,9}") ? Integer.parseInt(text) : otherwise;
  }
}
