package dev.larder.demo;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The hub's JSON documents about one repo, in the real hub's shapes. Pure. */
final class HubDocuments {
  private static final List<String> TAGS =
      List.of(
          "sentence-transformers",
          "onnx",
          "bert",
          "feature-extraction",
          "sentence-similarity",
          "en",
          "license:apache-2.0",
          "region:us");

  private final DemoRepo repo;

  HubDocuments(DemoRepo repo) {
    this.repo = repo;
  }

  Map<String, Object> info(boolean blobs) {
    Map<String, Object> info = new LinkedHashMap<>();
    info.put("id", repo.id().name());
    info.put("modelId", repo.id().name());
    info.put("author", "sentence-transformers");
    info.put("sha", repo.commit().hex());
    info.put("lastModified", GitTree.COMMITTED_AT);
    info.put("createdAt", GitTree.COMMITTED_AT);
    info.put("private", false);
    info.put("gated", false);
    info.put("disabled", false);
    info.put("tags", TAGS);
    info.put("pipeline_tag", "sentence-similarity");
    info.put("library_name", "sentence-transformers");
    info.put("downloads", 0);
    info.put("likes", 0);
    info.put("siblings", repo.files().stream().map(file -> sibling(file, blobs)).toList());
    info.put("usedStorage", repo.sizeBytes());
    return info;
  }

  Map<String, Object> refs() {
    Map<String, Object> main = new LinkedHashMap<>();
    main.put("name", "main");
    main.put("ref", "refs/heads/main");
    main.put("targetCommit", repo.commit().hex());
    Map<String, Object> refs = new LinkedHashMap<>();
    refs.put("tags", List.of());
    refs.put("branches", List.of(main));
    refs.put("converts", List.of());
    refs.put("pullRequests", List.of());
    return refs;
  }

  List<Map<String, Object>> commits() {
    Map<String, Object> commit = lastCommit();
    commit.put("message", "");
    commit.put("authors", List.of(Map.of("user", "larder-demo")));
    return List.of(commit);
  }

  /** Entries below a directory, its own level or all levels, in path order. */
  List<Map<String, Object>> tree(String directory, boolean recursive, boolean expand) {
    String prefix = directory.isEmpty() ? "" : directory + "/";
    Map<String, Map<String, Object>> entries = new TreeMap<>();
    repo.directories()
        .forEach(
            (path, id) -> {
              if (shows(path, prefix, recursive)) {
                entries.put(path, entry("directory", id, 0, path));
              }
            });
    for (DemoFile file : repo.files()) {
      if (shows(file.path().value(), prefix, recursive)) {
        entries.put(file.path().value(), file(file));
      }
    }
    if (expand) {
      entries.values().forEach(entry -> entry.put("lastCommit", lastCommit()));
    }
    return List.copyOf(entries.values());
  }

  /** The entries of these paths; unknown ones are left out, as the hub does. */
  List<Map<String, Object>> paths(List<String> paths, boolean expand) {
    List<Map<String, Object>> found = new ArrayList<>(tree("", true, expand));
    found.removeIf(entry -> !paths.contains(entry.get("path")));
    return found;
  }

  private static boolean shows(String path, String prefix, boolean recursive) {
    return path.length() > prefix.length()
        && path.startsWith(prefix)
        && (recursive || path.indexOf('/', prefix.length()) < 0);
  }

  private static Map<String, Object> file(DemoFile file) {
    Map<String, Object> entry =
        entry("file", file.oid().hex(), file.sizeBytes(), file.path().value());
    if (file.large()) {
      entry.put("lfs", large(file, "oid"));
    }
    return entry;
  }

  private static Map<String, Object> sibling(DemoFile file, boolean blobs) {
    Map<String, Object> sibling = new LinkedHashMap<>();
    sibling.put("rfilename", file.path().value());
    if (blobs) {
      sibling.put("size", file.sizeBytes());
      sibling.put("blobId", file.oid().hex());
      if (file.large()) {
        sibling.put("lfs", large(file, "sha256"));
      }
    }
    return sibling;
  }

  private static Map<String, Object> large(DemoFile file, String digestName) {
    Map<String, Object> lfs = new LinkedHashMap<>();
    lfs.put(digestName, file.digest().hex());
    lfs.put("size", file.sizeBytes());
    lfs.put("pointerSize", file.pointer().length);
    return lfs;
  }

  private static Map<String, Object> entry(String type, String oid, long size, String path) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("type", type);
    entry.put("oid", oid);
    entry.put("size", size);
    entry.put("path", path);
    return entry;
  }

  private Map<String, Object> lastCommit() {
    Map<String, Object> commit = new LinkedHashMap<>();
    commit.put("id", repo.commit().hex());
    commit.put("title", GitTree.TITLE);
    commit.put("date", GitTree.COMMITTED_AT);
    return commit;
  }
}
