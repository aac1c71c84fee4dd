package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.InvalidName;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.Document;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The hub's list of a repo's refs. Fields: protocols page, the row of {@code refs}. */
final class RefsDocument {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Clients name these by their short name, others by their full one. */
  private static final List<String> SHORT = List.of("branches", "tags");

  private static final List<String> ALL = List.of("branches", "tags", "converts", "pullRequests");

  private RefsDocument() {}

  /** {@code refs} with the commits that {@code known} makes of those it names. */
  static Document agreeing(Document refs, BiFunction<Revision, Commit, Commit> known) {
    try {
      JsonNode root = JSON.readTree(refs.body());
      boolean changed = false;
      for (String kind : ALL) {
        for (JsonNode ref : root.path(kind)) {
          String name = ref.path(SHORT.contains(kind) ? "name" : "ref").asString("");
          changed |= ref instanceof ObjectNode object && agree(object, name, known);
        }
      }
      return changed
          ? new Document(
              JSON.writeValueAsBytes(root), refs.contentType(), refs.nextQuery(), refs.headers())
          : refs;
    } catch (JacksonException _) {
      return refs; // No list of refs: given on as it came.
    }
  }

  /**
   * A list of {@code refs} alone, for when the hub's own is not here. A short name may be a tag's
   * as well; clients look for what they want among both.
   */
  static JsonNode of(Map<Revision, Commit> refs) {
    ObjectNode root = JSON.createObjectNode();
    ALL.forEach(root::putArray);
    refs.forEach(
        (revision, commit) -> {
          String name = revision.name();
          String kind = kind(name);
          root.withArray("/" + kind)
              .addObject()
              .put("name", SHORT.contains(kind) ? name : name.substring(name.lastIndexOf('/') + 1))
              .put("ref", SHORT.contains(kind) ? "refs/heads/" + name : name)
              .put("targetCommit", commit.hex());
        });
    return root;
  }

  /** Empty when the list does not name it. What is both is a branch: the hub reads it so. */
  static Optional<Boolean> isTag(byte[] refs, Revision revision) {
    try {
      JsonNode root = JSON.readTree(refs);
      for (String kind : ALL) {
        for (JsonNode ref : root.path(kind)) {
          if (ref.path(SHORT.contains(kind) ? "name" : "ref").asString("").equals(revision.name())
              || ref.path("ref").asString("").equals(revision.name())) {
            return Optional.of(kind.equals("tags"));
          }
        }
      }
    } catch (JacksonException _) {
      // No list of refs.
    }
    return Optional.empty();
  }

  private static String kind(String name) {
    return name.startsWith("refs/pr/")
        ? "pullRequests"
        : name.startsWith("refs/convert/") ? "converts" : "branches";
  }

  private static boolean agree(
      ObjectNode ref, String name, BiFunction<Revision, Commit, Commit> known) {
    String said = ref.path("targetCommit").asString("");
    if (name.isEmpty() || !Commit.looksLike(said)) {
      return false;
    }
    Revision revision;
    try {
      revision = new Revision(name);
    } catch (InvalidName _) {
      return false; // Nobody can ask for it here.
    }
    Commit commit = known.apply(revision, new Commit(said));
    if (commit.hex().equals(said)) {
      return false;
    }
    ref.put("targetCommit", commit.hex());
    return true;
  }
}
