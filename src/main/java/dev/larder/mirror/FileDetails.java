package dev.larder.mirror;

import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Sizes and hashes of the files in a repo's description, which a client gets with {@code
 * blobs=true} only. Fields: protocols page, the row of {@code /api/{type}s/{id}}. Pure but for its
 * argument, which it changes.
 */
final class FileDetails {
  private static final List<String> FIELDS = List.of("size", "blobId", "lfs");

  private FileDetails() {}

  static JsonNode without(JsonNode info) {
    for (JsonNode sibling : info.path("siblings")) {
      if (sibling instanceof ObjectNode file) {
        file.remove(FIELDS);
      }
    }
    return info;
  }

  /** Empty when the listing does not know every file of the description. */
  static Optional<JsonNode> with(JsonNode info, CommitListing listing) {
    for (JsonNode sibling : info.path("siblings")) {
      Optional<JsonNode> entry = listing.file(sibling.path("rfilename").asString(""));
      if (entry.isEmpty() || !(sibling instanceof ObjectNode file)) {
        return Optional.empty();
      }
      file.set("size", entry.get().path("size"));
      file.set("blobId", entry.get().path("oid"));
      JsonNode lfs = entry.get().path("lfs");
      if (lfs.isObject()) {
        ObjectNode of = file.putObject("lfs");
        of.set("sha256", lfs.path("oid"));
        of.set("size", lfs.path("size"));
        of.set("pointerSize", lfs.path("pointerSize"));
      }
    }
    return Optional.of(info);
  }
}
