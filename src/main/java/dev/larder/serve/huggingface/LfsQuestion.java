package dev.larder.serve.huggingface;

import dev.larder.content.Digest;
import dev.larder.content.InvalidName;
import dev.larder.content.Revision;
import dev.larder.http.Request;
import dev.larder.upstream.huggingface.LfsObjectId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The body of an LFS batch. */
sealed interface LfsQuestion {
  /** {@code at}: the branch or tag that the client works on. */
  record Download(List<LfsObjectId> objects, Optional<Revision> at) implements LfsQuestion {}

  /** It is not answered. {@code why} is for people. */
  record Wrong(int status, String why) implements LfsQuestion {}

  /** git-lfs itself asks for a hundred. */
  int MOST_OBJECTS = 1000;

  static LfsQuestion read(Request request) {
    byte[] body = request.body(1 << 20);
    try {
      return of(JsonMapper.shared().readTree(new String(body, StandardCharsets.UTF_8)));
    } catch (JacksonException e) {
      return new Wrong(422, "The question is not JSON.");
    }
  }

  private static LfsQuestion of(JsonNode root) {
    String operation = root.path("operation").asString("");
    String hash = root.path("hash_algo").asString("sha256");
    if (operation.equals("upload")) {
      return new Wrong(403, "Larder serves reads only; push large files to the hub itself.");
    }
    if (!operation.equals("download")) {
      return new Wrong(422, "The operation is neither download nor upload.");
    }
    if (!hash.equals("sha256")) {
      return new Wrong(409, "Large files are named by their SHA-256 here.");
    }
    return transfersByHttp(root)
        ? download(root)
        : new Wrong(422, "Only the transfer adapter 'basic' is offered.");
  }

  private static boolean transfersByHttp(JsonNode root) {
    List<String> transfers = new ArrayList<>();
    root.path("transfers").forEach(name -> transfers.add(name.asString("")));
    return transfers.isEmpty() || transfers.contains("basic");
  }

  private static LfsQuestion download(JsonNode root) {
    if (root.path("objects").size() > MOST_OBJECTS) {
      return new Wrong(
          413, "Larder answers about at most %d objects at once.".formatted(MOST_OBJECTS));
    }
    Set<LfsObjectId> objects = new LinkedHashSet<>();
    for (JsonNode object : root.path("objects")) {
      long size = object.path("size").asLong(-1);
      String oid = object.path("oid").asString("");
      if (size < 0 || !oid.matches("[0-9a-f]{64}")) {
        return new Wrong(422, "An object has a SHA-256 for its oid, and a size.");
      }
      objects.add(new LfsObjectId(new Digest(oid), size));
    }
    return new Download(List.copyOf(objects), at(root.path("ref").path("name").asString("")));
  }

  /** {@code refs/heads/main} is {@code main}. A name that is none is as good as no name. */
  private static Optional<Revision> at(String ref) {
    try {
      String name = ref.replaceFirst("^refs/(heads|tags)/", "");
      return name.isEmpty() ? Optional.empty() : Optional.of(new Revision(name));
    } catch (InvalidName _) {
      return Optional.empty();
    }
  }
}
