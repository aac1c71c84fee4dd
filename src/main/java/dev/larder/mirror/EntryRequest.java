package dev.larder.mirror;

import dev.larder.content.EntryPath;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;

/**
 * One file asked for. {@code headOnly}: its description is wanted, not its bytes. Throws {@link
 * dev.larder.content.InvalidName} for a path that is no ordinary one: nothing is fetched under it.
 */
public record EntryRequest(
    RepoId repo,
    Revision revision,
    EntryPath path,
    RangeRequest range,
    boolean headOnly,
    Caller caller) {
  public EntryRequest {
    path.requireOrdinary();
  }
}
