package dev.larder.mirror;

import dev.larder.content.EntryPath;
import dev.larder.hubcache.HubTree.ListedFile;
import java.util.List;
import java.util.stream.Collectors;

/** A file of a snapshot that is not brought in, since its name is no ordinary one everywhere. */
public record LeftOutFile(EntryPath path, String reason) {
  private static final int MOST_NAMED = 10;

  static List<LeftOutFile> of(List<ListedFile> files) {
    return files.stream()
        .map(ListedFile::path)
        .filter(path -> !path.isOrdinary())
        .map(path -> new LeftOutFile(path, path.oddity().orElse("")))
        .toList();
  }

  /** The first of them with the reason of each, safe to print. */
  public static String words(List<LeftOutFile> files) {
    String named =
        files.stream()
            .limit(MOST_NAMED)
            .map(file -> file.path().quoted() + " (" + file.reason() + ")")
            .collect(Collectors.joining(", "));
    int more = files.size() - MOST_NAMED;
    return more > 0 ? named + " and " + more + " more" : named;
  }
}
