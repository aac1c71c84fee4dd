package dev.larder.content;

/** What a hub keeps: models, datasets, spaces. */
public enum RepoKind {
  MODEL("model", ""),
  DATASET("dataset", "datasets/"),
  SPACE("space", "spaces/");

  private final String word;
  private final String webPrefix;

  RepoKind(String word, String webPrefix) {
    this.word = word;
    this.webPrefix = webPrefix;
  }

  /** {@code model}, {@code dataset}, {@code space}: as {@code --type} takes it. */
  public String word() {
    return word;
  }

  /** {@code models}, {@code datasets}, {@code spaces}: in API paths and folder names. */
  public String plural() {
    return word + "s";
  }

  /** What stands before the repo's name in a web address: nothing for models. */
  public String webPrefix() {
    return webPrefix;
  }

  /** By {@link #word()} or {@link #plural()}; throws {@link InvalidName}. */
  public static RepoKind of(String word) {
    for (RepoKind kind : values()) {
      if (kind.word.equals(word) || kind.plural().equals(word)) {
        return kind;
      }
    }
    throw new InvalidName("repo type", word, "known are model, dataset and space");
  }
}
