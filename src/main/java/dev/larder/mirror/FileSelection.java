package dev.larder.mirror;

import dev.larder.content.EntryPath;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which files of a snapshot are meant. With {@code files}: those, and all below those that end in
 * {@code /}. Else, as huggingface_hub's {@code filter_repo_objects}: those that one of {@code
 * include} matches, or all when there is none, less those that one of {@code exclude} matches;
 * patterns are {@code fnmatch}'s on the whole path, one that ends in {@code /} gets a {@code *}.
 */
public final class FileSelection {
  public static final FileSelection ALL = new FileSelection(List.of(), List.of(), List.of());

  private final List<String> files;
  private final List<String> include;
  private final List<String> exclude;
  private final List<Pattern> includePatterns;
  private final List<Pattern> excludePatterns;

  /** Throws {@link dev.larder.content.InvalidName} when one of the files cannot be a path. */
  public FileSelection(List<String> files, List<String> include, List<String> exclude) {
    this.files = List.copyOf(files);
    this.include = List.copyOf(include);
    this.exclude = List.copyOf(exclude);
    includePatterns = compile(include);
    excludePatterns = compile(exclude);
    files.forEach(FileSelection::checked);
  }

  public boolean selects(EntryPath path) {
    if (!files.isEmpty()) {
      return files.stream().anyMatch(file -> named(file, path));
    }
    return (include.isEmpty() || includes(path)) && !matches(excludePatterns, path);
  }

  private boolean includes(EntryPath path) {
    return matches(includePatterns, path);
  }

  /** Which of the patterns are to blame when none of {@code paths} is meant. */
  String whyNothing(List<EntryPath> paths) {
    boolean excluded = include.isEmpty() || paths.stream().anyMatch(this::includes);
    return excluded
        ? "--exclude " + quoted(exclude) + " leaves nothing"
        : "nothing matches --include " + quoted(include);
  }

  private static String quoted(List<String> patterns) {
    return patterns.stream().map(pattern -> "'" + pattern + "'").collect(Collectors.joining(" "));
  }

  /** Whether every file of the snapshot is meant. */
  public boolean all() {
    return files.isEmpty() && include.isEmpty() && exclude.isEmpty();
  }

  /** The names given that select nothing in {@code paths}: the repo does not have them. */
  public List<String> absentFrom(List<EntryPath> paths) {
    return files.stream()
        .filter(file -> paths.stream().noneMatch(path -> named(file, path)))
        .toList();
  }

  /** The files named one by one, directories left out; for pulling without a listing. */
  public List<EntryPath> single() {
    return files.stream().filter(f -> !f.endsWith("/")).map(EntryPath::ordinary).toList();
  }

  public List<String> files() {
    return files;
  }

  public List<String> include() {
    return include;
  }

  public List<String> exclude() {
    return exclude;
  }

  private static EntryPath checked(String file) {
    return EntryPath.ordinary(file.endsWith("/") ? file.substring(0, file.length() - 1) : file);
  }

  private static boolean named(String file, EntryPath path) {
    return file.endsWith("/") ? path.value().startsWith(file) : path.value().equals(file);
  }

  private static boolean matches(List<Pattern> patterns, EntryPath path) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(path.value()).matches());
  }

  private static List<Pattern> compile(List<String> globs) {
    return globs.stream()
        .map(glob -> glob.endsWith("/") ? glob + "*" : glob)
        .map(Fnmatch::compile)
        .toList();
  }
}
