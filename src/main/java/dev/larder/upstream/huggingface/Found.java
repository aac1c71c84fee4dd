package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import java.util.Optional;

/** What a hub answered when it did answer. */
public sealed interface Found<T> {
  /** It is there. */
  record Here<T>(T value) implements Found<T> {}

  /** It is not, or not for this caller; {@code reason} is the hub's own. */
  record Not<T>(Refusal reason) implements Found<T> {}

  /**
   * The hub's refusal. {@code status} is what it answered; {@code code} its {@code X-Error-Code},
   * empty when it gave none; {@code message} its {@code X-Error-Message}; {@code commit} the {@code
   * X-Repo-Commit} that comes with a missing entry.
   */
  record Refusal(int status, String code, String message, Optional<Commit> commit) {
    public static final String NO_ENTRY = "EntryNotFound";
    public static final String NO_REVISION = "RevisionNotFound";
    public static final String NO_REPO = "RepoNotFound";
    public static final String GATED = "GatedRepo";

    /**
     * Whether it is the repo as a whole that this caller may not see, rather than one file or
     * revision of it.
     */
    public boolean concernsRepo() {
      return !code.equals(NO_ENTRY) && !code.equals(NO_REVISION);
    }
  }
}
