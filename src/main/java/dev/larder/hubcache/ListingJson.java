package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.hubcache.HubTree.ListedFile;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code trees/<commit>.json}, character by character as Python's {@code json.dump(…, indent=1)}
 * writes it for huggingface_hub 1.23 ({@code _tree_cache.py}): files in the order of their code
 * points, ASCII only, no newline at the end.
 */
final class ListingJson {
  static final int VERSION = 1;
  private static final JsonMapper MAPPER = JsonMapper.shared();

  private ListingJson() {}

  static byte[] write(List<ListedFile> files) {
    StringBuilder out = new StringBuilder(64 + 200 * files.size());
    out.append("{\n \"format_version\": ").append(VERSION).append(",\n \"files\": {");
    String separator = "\n";
    for (ListedFile file : sorted(files)) {
      out.append(separator);
      append(out, file);
      separator = ",\n";
    }
    out.append(files.isEmpty() ? "}\n}" : "\n }\n}");
    return out.toString().getBytes(StandardCharsets.US_ASCII);
  }

  static List<ListedFile> sorted(List<ListedFile> files) {
    return files.stream()
        .sorted(Comparator.comparing(file -> file.path().value(), ListingJson::byCodePoint))
        .toList();
  }

  /** UTF-16 order differs from it where surrogates meet U+E000 and above. */
  private static int byCodePoint(String a, String b) {
    int[] left = a.codePoints().toArray();
    int[] right = b.codePoints().toArray();
    return java.util.Arrays.compare(left, right);
  }

  private static void append(StringBuilder out, ListedFile file) {
    out.append("  ");
    appendString(out, file.path().value());
    out.append(": {\n   \"size\": ").append(file.sizeBytes());
    out.append(",\n   \"blob_id\": ");
    appendString(out, file.blobId());
    file.lfsSha256()
        .ifPresent(
            sha256 ->
                out.append(",\n   \"lfs_sha256\": \"")
                    .append(sha256.hex())
                    .append("\",\n   \"lfs_size\": ")
                    .append(file.sizeBytes()));
    out.append("\n  }");
  }

  private static void appendString(StringBuilder out, String text) {
    out.append('"');
    for (char c : text.toCharArray()) {
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\f' -> out.append("\\f");
        case '\b' -> out.append("\\b");
        default -> {
          if (c >= ' ' && c <= '~') {
            out.append(c);
          } else {
            out.append("\\u%04x".formatted((int) c));
          }
        }
      }
    }
    out.append('"');
  }

  /** Empty for a listing of another version and for text that is none: Python ignores both too. */
  static Optional<List<ListedFile>> read(byte[] json) {
    try {
      JsonNode root = MAPPER.readTree(json);
      JsonNode files = root.path("files");
      if (root.path("format_version").asInt(0) != VERSION || !files.isObject()) {
        return Optional.empty();
      }
      List<ListedFile> listed = new ArrayList<>(files.size());
      for (var field : files.properties()) {
        listed.add(file(field.getKey(), field.getValue()));
      }
      return Optional.of(List.copyOf(listed));
    } catch (JacksonException | InvalidName | NumberFormatException _) {
      return Optional.empty(); // As if there were none: the hub is asked.
    }
  }

  private static ListedFile file(String path, JsonNode info) {
    JsonNode sha256 = info.path("lfs_sha256");
    ListedFile file =
        new ListedFile(
            new EntryPath(path),
            Long.parseLong(info.path("size").asString("")),
            new Commit(info.path("blob_id").asString("")).hex(),
            sha256.isString() ? Optional.of(new Digest(sha256.asString())) : Optional.empty());
    if (file.sizeBytes() < 0) {
      throw new NumberFormatException("size of " + path);
    }
    return file;
  }
}
