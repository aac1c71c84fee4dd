package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import dev.larder.content.Identity;
import java.util.Optional;

/**
 * What the hub says of one file. {@code identity} is empty when its entity tag proves nothing: such
 * a file is passed through and never stored. {@code validator} is that tag as it was sent. {@code
 * lfs}: the identity came from {@code X-Linked-Etag}. {@code sizeBytes} is -1 when the hub did not
 * say. {@code location}: where it said that the bytes lie; for {@link HubUpstream#content}.
 */
public record RemoteEntry(
    Commit commit,
    Optional<Identity> identity,
    String validator,
    long sizeBytes,
    boolean lfs,
    Optional<Location> location) {

  RemoteEntry at(Location bytes) {
    return new RemoteEntry(commit, identity, validator, sizeBytes, lfs, Optional.of(bytes));
  }
}
