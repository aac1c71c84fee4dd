package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

/** Looks at directories, which may not be there or not be legible. */
final class Places {
  private static final Set<String> KINDS = Set.of("models", "datasets", "spaces", "kernels");

  /** Locks and notes, the tag, shared blobs, what is being written, and files of old layouts. */
  private static final Pattern BESIDE_REPOS =
      Pattern.compile(
          "\\..*|CACHEDIR\\.TAG|blobs|version\\w*\\.txt|larder\\..*|tmp.*|[0-9a-f]{64}.*");

  private Places() {}

  /** The names in a directory; none when it is missing or may not be read. */
  static List<Path> in(Path directory) {
    if (!Files.isDirectory(directory) || !Files.isReadable(directory)) {
      return List.of();
    }
    List<Path> names = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(names::add);
    } catch (IOException | java.nio.file.DirectoryIteratorException _) {
      return List.copyOf(names); // It went meanwhile; whoever may not read it is told elsewhere.
    }
    names.sort(null);
    return List.copyOf(names);
  }

  /** The folders of repos in a cache directory. */
  static List<Path> repos(Path hub) {
    return in(hub).stream().filter(Places::isRepo).toList();
  }

  private static boolean isRepo(Path folder) {
    String name = name(folder);
    int mark = name.indexOf("--");
    return mark > 0
        && KINDS.contains(name.substring(0, mark))
        && Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS);
  }

  /** Whether it is a repo's folder, or what the known programs keep beside repos. */
  static boolean belongsIntoHub(Path path) {
    return isRepo(path) || BESIDE_REPOS.matcher(name(path)).matches();
  }

  /** Of a path that was found in a directory. */
  static Path parent(Path path) {
    return Objects.requireNonNull(path.getParent(), "a path in a directory");
  }

  static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  /** The path itself or the nearest one above it that exists. */
  static Path existing(Path path) {
    Path at = path;
    while (!Files.exists(at) && at.getParent() != null) {
      at = at.getParent();
    }
    return at;
  }

  /** The same without links, as mounts are listed. */
  static Path real(Path path) {
    try {
      return existing(path).toRealPath();
    } catch (IOException _) {
      return existing(path); // Behind something that may not be searched.
    }
  }
}
