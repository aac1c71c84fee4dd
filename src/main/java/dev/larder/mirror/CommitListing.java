package dev.larder.mirror;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The listing of everything in a commit, as the hub gives it: files, and directories where the hub
 * named them. What would need a directory that it does not name is left open. Pure.
 */
final class CommitListing {
  private static final JsonMapper JSON = JsonMapper.shared();

  /** Questions for more are the hub's to answer. */
  private static final int MOST_PATHS = 1000;

  private final Map<String, JsonNode> entries;
  private @Nullable NavigableSet<String> sorted;

  private CommitListing(Map<String, JsonNode> entries) {
    this.entries = entries;
  }

  /** Empty when {@code tree} is no listing. */
  static Optional<CommitListing> of(byte[] tree) {
    try {
      JsonNode root = JSON.readTree(tree);
      Map<String, JsonNode> entries = new LinkedHashMap<>();
      root.forEach(entry -> entries.put(entry.path("path").asString(""), entry));
      return root.isArray() && !entries.containsKey("")
          ? Optional.of(new CommitListing(entries))
          : Optional.empty();
    } catch (JacksonException _) {
      return Optional.empty(); // Written by somebody else, or for something else.
    }
  }

  Optional<JsonNode> file(String path) {
    return Optional.ofNullable(entries.get(path));
  }

  /** That there is nothing at {@code path}, and nothing below it. */
  boolean lacks(String path) {
    return !entries.containsKey(path) && !isDirectory(path);
  }

  private boolean isDirectory(String path) {
    String below = path + "/";
    String next = sorted().ceiling(below);
    return next != null && next.startsWith(below);
  }

  private NavigableSet<String> sorted() {
    NavigableSet<String> paths = sorted;
    if (paths == null) {
      paths = new TreeSet<>(entries.keySet());
      sorted = paths;
    }
    return paths;
  }

  /**
   * What stands below a directory, or in the whole commit for an empty {@code path}: all of it, or
   * only one level.
   */
  Optional<List<JsonNode>> below(String path, boolean recursive) {
    String prefix = path.isEmpty() ? "" : path + "/";
    List<JsonNode> found = new ArrayList<>();
    for (Map.Entry<String, JsonNode> entry : entries.entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        continue;
      }
      int slash = entry.getKey().indexOf('/', prefix.length());
      if (slash >= 0 && !entries.containsKey(entry.getKey().substring(0, slash))) {
        return Optional.empty();
      }
      if (recursive || slash < 0) {
        found.add(entry.getValue());
      }
    }
    return found.isEmpty() ? Optional.empty() : Optional.of(found);
  }

  /**
   * What stands at {@code paths}, once; those where nothing stands are left out, as the hub does.
   */
  Optional<List<JsonNode>> at(List<String> paths) {
    Set<String> asked = new LinkedHashSet<>(paths);
    if (asked.size() > MOST_PATHS) {
      return Optional.empty();
    }
    List<JsonNode> found = new ArrayList<>();
    for (String path : asked) {
      JsonNode entry = entries.get(path);
      if (entry != null) {
        found.add(entry);
      } else if (!isPlain(path) || isDirectory(path)) {
        return Optional.empty();
      }
    }
    return Optional.of(found);
  }

  /** Other spellings of a path are the hub's to judge. */
  private static boolean isPlain(String path) {
    return !path.isEmpty()
        && !path.startsWith("/")
        && !path.endsWith("/")
        && !path.contains("//")
        && !path.contains("./");
  }
}
