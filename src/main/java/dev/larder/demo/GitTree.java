package dev.larder.demo;

import dev.larder.content.Commit;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ids that git itself would give the demo's directories and its one commit, so that they follow
 * from the files. Git's tree and commit objects:
 * https://git-scm.com/book/en/v2/Git-Internals-Git-Objects.
 */
final class GitTree {
  private static final String AUTHOR = "Larder demo <demo@larder.invalid> 1767225600 +0000";
  static final String COMMITTED_AT = "2026-01-01T00:00:00.000Z";
  static final String TITLE = "Offer all-MiniLM-L6-v2";

  private final Map<String, byte[]> directories = new TreeMap<>();

  GitTree(Collection<DemoFile> files) {
    write("", files);
  }

  /** Tree ids by directory path; the root is the empty path. */
  Map<String, String> directoryIds() {
    Map<String, String> ids = new TreeMap<>();
    directories.forEach((path, id) -> ids.put(path, HexFormat.of().formatHex(id)));
    return ids;
  }

  /** The commit that holds this tree and has no parent. */
  Commit commit() {
    String text =
        "tree %s\nauthor %s\ncommitter %s\n\n%s\n"
            .formatted(directoryIds().get(""), AUTHOR, AUTHOR, TITLE);
    return new Commit(
        HexFormat.of().formatHex(hash("commit", text.getBytes(StandardCharsets.UTF_8))));
  }

  private byte[] write(String prefix, Collection<DemoFile> files) {
    // Git sorts a directory as if its name ended in a slash; the marker is part of the key here.
    Map<String, byte[]> children = new TreeMap<>();
    for (DemoFile file : files) {
      String path = file.path().value();
      if (!path.startsWith(prefix)) {
        continue;
      }
      String rest = path.substring(prefix.length());
      int slash = rest.indexOf('/');
      if (slash < 0) {
        children.put(rest, HexFormat.of().parseHex(file.oid().hex()));
      } else {
        String name = rest.substring(0, slash + 1);
        if (!children.containsKey(name)) {
          children.put(name, write(prefix + name, files));
        }
      }
    }
    byte[] id = hash("tree", listing(children));
    directories.put(prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1), id);
    return id;
  }

  private static byte[] listing(Map<String, byte[]> children) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    children.forEach(
        (name, id) -> {
          boolean directory = name.endsWith("/");
          String plain = directory ? name.substring(0, name.length() - 1) : name;
          out.writeBytes(
              ((directory ? "40000 " : "100644 ") + plain + "\0").getBytes(StandardCharsets.UTF_8));
          out.writeBytes(id);
        });
    return out.toByteArray();
  }

  private static byte[] hash(String type, byte[] content) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      sha1.update((type + " " + content.length + "\0").getBytes(StandardCharsets.US_ASCII));
      return sha1.digest(content);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
