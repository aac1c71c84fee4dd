package dev.larder.mirror;

import dev.larder.content.EntryPath;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;

/**
 * One file asked for. {@code headOnly}: its description is wanted, not its bytes. {@code condition}
 * may want less, or other bytes, of what the file turns out to be. Throws {@link
 * dev.larder.content.InvalidName} for a path that is no ordinary one: nothing is fetched under it.
 */
public record EntryRequest(
    RepoId repo,
    Revision revision,
    EntryPath path,
    RangeRequest range,
    boolean headOnly,
    Caller caller,
    Condition condition) {
  public EntryRequest {
    path.requireOrdinary();
  }

  public EntryRequest(
      RepoId repo,
      Revision revision,
      EntryPath path,
      RangeRequest range,
      boolean headOnly,
      Caller caller) {
    this(repo, revision, path, range, headOnly, caller, Condition.NONE);
  }

  /** What is wanted of {@code head}; nothing depends on anything then. */
  public EntryRequest judged(EntryHead head) {
    return condition == Condition.NONE
        ? this
        : new EntryRequest(
            repo,
            revision,
            path,
            condition.rangeOf(head, range),
            headOnly || condition.descriptionDoes(head),
            caller);
  }
}
