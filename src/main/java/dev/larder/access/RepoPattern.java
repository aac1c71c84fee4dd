package dev.larder.access;

import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Repos that a group may read, written as repos are: {@code org/name}, {@code org/*}, {@code
 * datasets/org/eval-*}. A {@code *} is any run of characters within its part; alone it is every
 * repo of its kind.
 */
public record RepoPattern(RepoKind kind, String name) {
  private static final Pattern FORM = Pattern.compile("[\\w.*-]{1,96}(?:/[\\w.*-]{1,96})?");

  public RepoPattern {
    if (!FORM.matcher(name).matches()) {
      throw new InvalidName(
          "pattern of repos",
          kind.webPrefix() + name,
          "write it like org/name, org/*, datasets/org/name or spaces/*");
    }
  }

  public static RepoPattern parse(String text) {
    for (RepoKind kind : RepoKind.values()) {
      String prefix = kind.plural() + "/";
      if (text.startsWith(prefix) && text.length() > prefix.length()) {
        return new RepoPattern(kind, text.substring(prefix.length()));
      }
    }
    return new RepoPattern(RepoKind.MODEL, text);
  }

  /** Tells the repos that it means; made once, asked often. */
  Predicate<RepoId> matcher() {
    if (name.equals("*")) {
      return repo -> repo.kind() == kind;
    }
    // Runs of stars are one, and a part has at most 96 characters, so that matching stays short.
    String regex = Pattern.quote(name).replaceAll("\\*+", "\\\\E[^/]*\\\\Q");
    Pattern compiled = Pattern.compile(regex);
    return repo -> repo.kind() == kind && compiled.matcher(repo.name()).matches();
  }

  /** As {@link #matcher}, asked once. */
  public boolean means(RepoId repo) {
    return matcher().test(repo);
  }

  @Override
  public String toString() {
    return kind.webPrefix() + name;
  }
}
