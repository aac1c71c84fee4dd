package dev.larder.mirror;

import dev.larder.content.Digest;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds the hub to what it said of a commit: that never changes, so of two words about it one is
 * wrong, and the first one counts. Safe for concurrent use.
 */
final class Contradictions {
  private static final Logger LOG = LoggerFactory.getLogger(Contradictions.class);

  private final Recollection recollection;
  private final LocalFiles files;
  private final EntryBytes bytes;

  Contradictions(Recollection recollection, LocalFiles files, EntryBytes bytes) {
    this.recollection = recollection;
    this.files = files;
    this.bytes = bytes;
  }

  /**
   * What is known of the file, when the hub says something else of it now: a commit never changes,
   * so one of the two words is wrong. Null when they agree.
   */
  @Nullable EntryHead contradicted(EntryRequest request, EntryHead now) {
    EntryKey key = new EntryKey(request.repo(), now.commit(), request.path());
    if (!(recollection.recall(key) instanceof KnownEntry.Present(EntryHead before, _))) {
      return null;
    }
    boolean comparable =
        before.identity().isPresent()
            && now.identity().isPresent()
            && before.identity().get().getClass() == now.identity().get().getClass();
    return comparable && !before.identity().equals(now.identity()) ? before : null;
  }

  /** The bytes that the commit had before; nothing is fetched that would take their place. */
  Answer asItWas(EntryRequest request, EntryHead before, Deadline firstByte) {
    LOG.atError()
        .addKeyValue("event", "pin.mismatch")
        .addKeyValue("repo", request.repo())
        .addKeyValue("commit", before.commit())
        .addKeyValue("path", request.path())
        .log("The hub has other bytes in a commit than before; it is not believed");
    Optional<Digest> digest =
        files.locate(
            new EntryKey(request.repo(), before.commit(), request.path()),
            before.identity().orElseThrow(),
            firstByte);
    Answer answer =
        digest.isEmpty() ? null : bytes.ready(request, before, digest.get(), CacheState.HIT);
    if (answer == null) {
      throw new UpstreamException.UpstreamLied(
          "The hub says that %s of %s at %s has other bytes than it said before; a commit never changes, so nothing is given. Check what happened to that repo."
              .formatted(request.path(), request.repo(), before.commit()));
    }
    return answer;
  }
}
