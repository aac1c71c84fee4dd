package dev.larder.serve.huggingface;

import dev.larder.content.Digest;
import dev.larder.content.LarderException;
import dev.larder.http.Problems;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.Caller;
import dev.larder.mirror.HubMirror;
import dev.larder.mirror.LfsAnswer;
import dev.larder.mirror.LfsPlace;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.LfsObjectId;
import dev.larder.upstream.huggingface.Passed;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code git lfs} asks: git-lfs, docs/api/batch.md. Every address in an answer is one here.
 */
final class Lfs {
  static final String TYPE = "application/vnd.git-lfs+json";
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final String BAD_TOKEN = "Invalid credentials in Authorization header";

  private final HubMirror mirror;

  Lfs(HubMirror mirror) {
    this.mirror = mirror;
  }

  Reply batch(Request request, HubRoute.LfsBatch route, Caller caller) {
    return switch (LfsQuestion.read(request)) {
      case LfsQuestion.Wrong(int status, String why) -> error(status, why);
      case LfsQuestion.Download(List<LfsObjectId> objects, var at) ->
          switch (mirror.lfs(route.repo(), at, objects, caller)) {
            case LfsAnswer.Refused(Found.Refusal reason) -> refused(reason);
            case LfsAnswer.Here(var places, var unasked) ->
                found(request, route, objects, places, unasked);
          };
    };
  }

  private static Reply found(
      Request request,
      HubRoute.LfsBatch route,
      List<LfsObjectId> objects,
      Map<Digest, LfsPlace> places,
      Optional<LarderException> unasked) {
    List<Map<String, Object>> answers =
        objects.stream()
            .map(it -> object(request, route, it, places.get(it.digest()), unasked))
            .toList();
    return reply(
        200, Map.of("transfer", "basic", "hash_algo", "sha256", "objects", answers), false);
  }

  private static Map<String, Object> object(
      Request request,
      HubRoute.LfsBatch route,
      LfsObjectId object,
      @Nullable LfsPlace place,
      Optional<LarderException> unasked) {
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("oid", object.digest().hex());
    answer.put("size", object.sizeBytes());
    if (place == null) {
      answer.put("error", unasked.map(Lfs::unasked).orElseGet(Lfs::missing));
    } else if (place.sizeBytes() != object.sizeBytes()) {
      answer.put(
          "error", failure(422, "It has " + place.sizeBytes() + " bytes, not the number given."));
    } else {
      answer.put(
          "actions", Map.of("download", Map.of("href", address(request, route, object, place))));
    }
    return answer;
  }

  private static Map<String, Object> missing() {
    return failure(404, "The repo has no such large file.");
  }

  private static Map<String, Object> unasked(LarderException why) {
    return failure(Problems.status(why), why.explanation());
  }

  private static Map<String, Object> failure(int code, String message) {
    return Map.of("code", code, "message", message);
  }

  private static String address(
      Request request, HubRoute.LfsBatch route, LfsObjectId object, LfsPlace place) {
    String repo = request.publicUrl() + "/hf/" + route.repo();
    return switch (place) {
      case LfsPlace.File(var commit, var path, _) ->
          repo + "/resolve/" + commit.hex() + "/" + Addresses.path(path.value());
      case LfsPlace.Nameless(long size) ->
          repo + "/info/lfs/objects/" + object.digest().hex() + "?size=" + size;
    };
  }

  Reply object(Request request, HubRoute.LfsObject route, Caller caller) {
    LfsObjectId object = new LfsObjectId(route.digest(), route.sizeBytes());
    return switch (mirror.lfsObject(route.repo(), object, caller)) {
      case Found.Here<Passed>(Passed passed) -> Passing.reply(request, passed);
      case Found.Not<Passed>(Found.Refusal reason) -> refused(reason);
    };
  }

  private static Reply refused(Found.Refusal reason) {
    String message =
        reason.message().isEmpty()
            ? "The upstream hub refused with status " + reason.status()
            : reason.message();
    return error(reason.status(), message);
  }

  static Reply badToken() {
    return error(401, BAD_TOKEN);
  }

  private static Reply error(int status, String message) {
    return reply(status, Map.of("message", message), status == 401);
  }

  private static Reply reply(int status, Map<String, Object> body, boolean askToken) {
    Headers headers = new Headers().add("Content-Type", TYPE).add("Cache-Control", "no-store");
    if (askToken) {
      // git-lfs, docs/api/authentication.md: its own header goes before the general one.
      headers.add("LFS-Authenticate", HubErrors.BASIC).add("WWW-Authenticate", HubErrors.BASIC);
    }
    return new Reply.Bytes(
        status, headers.list(), JSON.writeValueAsString(body).getBytes(StandardCharsets.UTF_8));
  }
}
