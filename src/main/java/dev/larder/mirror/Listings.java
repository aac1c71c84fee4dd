package dev.larder.mirror;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Reads the hub's tree documents. Source of the fields: protocols page, "Tree rules". */
final class Listings {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private Listings() {}

  /**
   * The files of a tree document, those with an odd name among them. A name that could leave the
   * snapshot makes the whole listing unusable: an upstream that sends one is not to be trusted with
   * the others.
   */
  static List<ListedFile> files(byte[] tree) {
    try {
      List<ListedFile> files = new ArrayList<>();
      for (JsonNode node : JSON.readTree(tree)) {
        if (node.path("type").asString("").equals("file")) {
          files.add(file(node));
        }
      }
      return List.copyOf(files);
    } catch (JacksonException | InvalidName e) {
      throw new UpstreamException.UpstreamLied(
          "The hub's listing of files cannot be used: " + e.getMessage());
    }
  }

  private static ListedFile file(JsonNode node) {
    Optional<Digest> lfs =
        node.has("lfs") && node.get("lfs").has("oid")
            ? Optional.of(new Digest(node.get("lfs").get("oid").asString()))
            : Optional.empty();
    long size = node.path("size").asLong(-1);
    return new ListedFile(
        new EntryPath(node.path("path").asString("")), size, node.path("oid").asString(""), lfs);
  }
}
