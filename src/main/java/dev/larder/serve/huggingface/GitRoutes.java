package dev.larder.serve.huggingface;

import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What {@code git} and {@code git lfs} ask for below a repo's name, which may end in {@code .git}.
 * Pure. Sources: git's http-protocol, git-lfs's docs/api.
 */
final class GitRoutes {
  private static final String READ = "git-upload-pack";
  private static final String WRITE = "git-receive-pack";
  private static final HubRoute NOT_SMART =
      new HubRoute.Unknown("Larder passes on git's smart protocol alone; use git 1.6.6 or newer.");
  private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

  private GitRoutes() {}

  /** How the parts of a path that are needed become values. */
  interface Values {
    RepoId repo(List<String> name);

    HubRoute git(boolean pack);
  }

  /** {@code rest}: the segments after the kind. Null when it is none of git's. */
  static @Nullable HubRoute of(List<String> rest, String query, Values values) {
    for (int i = 1; i <= 2 && i < rest.size(); i++) {
      List<String> name = rest.subList(0, i);
      HubRoute route = of(name, rest.subList(i, rest.size()), query, values);
      if (route != null) {
        return route;
      }
    }
    return null;
  }

  private static @Nullable HubRoute of(
      List<String> name, List<String> words, String query, Values values) {
    if (words.equals(List.of(READ))) {
      return values.git(true);
    }
    if (words.equals(List.of(WRITE))) {
      return new HubRoute.Push();
    }
    if (words.equals(List.of("info", "refs"))) {
      return refs(query, values);
    }
    if (words.size() == 4 && words.subList(0, 3).equals(List.of("info", "lfs", "objects"))) {
      return lfs(name, words.getLast(), query, values);
    }
    return null;
  }

  private static HubRoute refs(String query, Values values) {
    return switch (field(query, "service")) {
      case READ -> values.git(false);
      case WRITE -> new HubRoute.Push();
      default -> NOT_SMART;
    };
  }

  private static @Nullable HubRoute lfs(
      List<String> name, String last, String query, Values values) {
    if (last.equals("batch")) {
      return new HubRoute.LfsBatch(values.repo(plain(name)));
    }
    String size = field(query, "size");
    return SHA256.matcher(last).matches() && size.matches("[0-9]{1,18}")
        ? new HubRoute.LfsObject(values.repo(plain(name)), new Digest(last), Long.parseLong(size))
        : null;
  }

  private static List<String> plain(List<String> name) {
    String last = name.getLast();
    Function<String, List<String>> with =
        text -> name.size() == 1 ? List.of(text) : List.of(name.getFirst(), text);
    return last.endsWith(".git") ? with.apply(last.substring(0, last.length() - 4)) : name;
  }

  private static String field(String query, String name) {
    return Query.fields(query).stream()
        .filter(field -> field.getKey().equals(name))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElse("");
  }
}
