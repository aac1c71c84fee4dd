package dev.larder.serve.huggingface;

import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.http.Request;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of {@code paths-info}: Python sends a form, JavaScript sends JSON. */
final class PathsQuestion {
  private static final int LIMIT_BYTES = 1 << 20;
  private static final Set<String> KNOWN = Set.of("paths", "expand");
  private static final JsonMapper JSON = JsonMapper.shared();

  private PathsQuestion() {}

  static DocumentRequest read(Request request, RepoId repo, Revision revision) {
    String body = new String(request.body(LIMIT_BYTES), StandardCharsets.UTF_8);
    return body.stripLeading().startsWith("{")
        ? ofJson(body, repo, revision)
        : ofForm(body, repo, revision);
  }

  private static DocumentRequest ofForm(String body, RepoId repo, Revision revision) {
    List<Map.Entry<String, String>> fields = Query.fields(body);
    if (!fields.isEmpty() && fields.stream().noneMatch(field -> KNOWN.contains(field.getKey()))) {
      throw new InvalidName("paths-info body", body, "it is neither a form nor JSON");
    }
    List<String> paths =
        fields.stream()
            .filter(field -> field.getKey().equals("paths"))
            .map(Map.Entry::getValue)
            .toList();
    return new DocumentRequest.PathsInfo(repo, revision, paths, Query.isTrue(body, "expand"));
  }

  private static DocumentRequest ofJson(String body, RepoId repo, Revision revision) {
    try {
      JsonNode root = JSON.readTree(body);
      List<String> paths = new ArrayList<>();
      JsonNode named = root.path("paths");
      if (named.isString()) {
        paths.add(named.stringValue());
      }
      named.forEach(path -> paths.add(path.asString("")));
      return new DocumentRequest.PathsInfo(
          repo, revision, List.copyOf(paths), root.path("expand").asBoolean(false));
    } catch (JacksonException e) {
      throw new InvalidName("paths-info body", body, "it is neither a form nor JSON");
    }
  }
}
