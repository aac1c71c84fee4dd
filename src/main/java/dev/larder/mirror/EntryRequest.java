package dev.larder.mirror;

import dev.larder.content.EntryPath;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;

/**
 * One file asked for. {@code headOnly}: its description is wanted, not its bytes. {@code condition}
 * may want less, or other bytes, of what the file turns out to be. A path that is no ordinary one
 * everywhere is passed on, and nothing of it is kept. Throws {@link dev.larder.content.InvalidName}
 * for one that is not readable.
 */
public record EntryRequest(
    RepoId repo,
    Revision revision,
    EntryPath path,
    RangeRequest range,
    boolean headOnly,
    Caller caller,
    Condition condition,
    Keeping keeping) {
  /** Whether the file is to be kept when it has to be fetched. */
  public enum Keeping {
    /** Else it is passed on: for clients, who want bytes. */
    IF_THERE_IS_ROOM,
    /** No room is a failure. */
    ALWAYS,
    /** It is passed on: there was no room a moment ago. */
    NEVER
  }

  public EntryRequest {
    path.requireReadable();
  }

  public EntryRequest(
      RepoId repo,
      Revision revision,
      EntryPath path,
      RangeRequest range,
      boolean headOnly,
      Caller caller,
      Condition condition) {
    this(repo, revision, path, range, headOnly, caller, condition, Keeping.IF_THERE_IS_ROOM);
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

  public EntryRequest keeping(Keeping how) {
    return new EntryRequest(repo, revision, path, range, headOnly, caller, condition, how);
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
            caller,
            Condition.NONE,
            keeping);
  }
}
