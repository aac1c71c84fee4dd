package dev.larder.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The LFS side of a {@link FakeHub}: git-lfs, docs/api/batch.md. */
final class FakeLfs {
  static final List<String> BATCH = List.of("info", "lfs", "objects", "batch");
  private static final JsonMapper JSON = JsonMapper.shared();

  private FakeLfs() {}

  /** Objects of every commit, at signed addresses. */
  static HubReply batch(FakeHub hub, HubRequest request, FakeRepo repo) {
    List<Map<String, Object>> objects = new ArrayList<>();
    for (JsonNode wish : JSON.readTree(request.body()).path("objects")) {
      objects.add(object(hub, repo, wish.path("oid").asString(), wish.path("size").asLong()));
    }
    return HubReply.text(
        200,
        "application/vnd.git-lfs+json",
        JSON.writeValueAsString(Map.of("transfer", "basic", "objects", objects)));
  }

  private static Map<String, Object> object(FakeHub hub, FakeRepo repo, String oid, long size) {
    return repo.history().stream()
        .flatMap(commit -> repo.snapshot(commit).entrySet().stream())
        .filter(entry -> entry.getValue().lfs() && entry.getValue().identity().equals(oid))
        .findFirst()
        .map(entry -> hub.signedAddress(repo.id(), entry.getKey(), entry.getValue()))
        .<Map<String, Object>>map(
            href ->
                Map.of(
                    "oid", oid, "size", size, "actions", Map.of("download", Map.of("href", href))))
        .orElseGet(
            () ->
                Map.of(
                    "oid", oid, "size", size, "error", Map.of("code", 404, "message", "missing")));
  }
}
