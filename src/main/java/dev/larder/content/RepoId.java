package dev.larder.content;

import java.util.regex.Pattern;

/**
 * A repo of a Hugging Face hub: {@code name} or {@code org/name}.
 *
 * <p>Rules as huggingface_hub's {@code validate_repo_id} has them: letters, digits, {@code _ . -};
 * at most 96 characters a part; a word character at both ends; neither {@code --} nor {@code ..};
 * not ending in {@code .git}.
 */
public record RepoId(RepoKind kind, String name) implements Comparable<RepoId> {
  private static final Pattern PART = Pattern.compile("\\w(?:[\\w.-]{0,94}\\w)?");

  public RepoId {
    String[] parts = name.split("/", -1);
    if (parts.length > 2) {
      throw new InvalidName("repo name", name, "a repo is called name or org/name");
    }
    for (String part : parts) {
      if (!PART.matcher(part).matches() || part.contains("--") || part.contains("..")) {
        throw new InvalidName(
            "repo name",
            name,
            "each part is 1 to 96 letters, digits, '_', '.' or '-', begins and ends with a letter, digit or '_', and has"
                + " neither '--' nor '..'");
      }
    }
    if (name.endsWith(".git")) {
      throw new InvalidName("repo name", name, "it must not end in .git");
    }
  }

  public static RepoId model(String name) {
    return new RepoId(RepoKind.MODEL, name);
  }

  /**
   * Reads {@code org/name}, {@code datasets/org/name}, {@code spaces/org/name} (also {@code
   * models/org/name}).
   */
  public static RepoId parse(String text) {
    for (RepoKind kind : RepoKind.values()) {
      String prefix = kind.plural() + "/";
      if (text.startsWith(prefix) && text.length() > prefix.length()) {
        return new RepoId(kind, text.substring(prefix.length()));
      }
    }
    return model(text);
  }

  /** {@code models--org--name}: the folder in the cache tree. */
  public String folder() {
    return kind.plural() + "--" + name.replace("/", "--");
  }

  /** The reverse of {@link #folder()}; throws {@link InvalidName} when it is no repo's folder. */
  public static RepoId ofFolder(String folder) {
    int cut = folder.indexOf("--");
    if (cut < 0) {
      throw new InvalidName("cache folder", folder, "it should look like models--org--name");
    }
    RepoKind kind = RepoKind.of(folder.substring(0, cut));
    RepoId repo = new RepoId(kind, folder.substring(cut + 2).replace("--", "/"));
    if (!repo.folder().equals(folder)) {
      throw new InvalidName("cache folder", folder, "it would be called " + repo.folder());
    }
    return repo;
  }

  /** {@code org/name}, {@code datasets/org/name}: how people and web addresses write it. */
  @Override
  public String toString() {
    return kind.webPrefix() + name;
  }

  @Override
  public int compareTo(RepoId other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }
}
