package dev.larder.mirror;

import dev.larder.content.LarderException;
import dev.larder.upstream.Deadline;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers without the hub, when it cannot or must not be asked: from what is cached, else from what
 * is under way, else that the hub once said there is none. Only of repos that may be given out
 * unasked. Safe for concurrent use.
 */
final class WithoutHub {
  private final Asking asking;
  private final Recollection recollection;
  private final EntryBytes bytes;

  WithoutHub(Asking asking, Recollection recollection, EntryBytes bytes) {
    this.asking = asking;
    this.recollection = recollection;
    this.bytes = bytes;
  }

  /** Whether the hub may be left unasked for want of time. */
  boolean hasBytes(EntryRequest request, Deadline by) {
    return asking.mayServeUnasked(request.repo()) && recollection.entry(request, by).isPresent();
  }

  /** What can be answered without the hub; null when nothing can, or may. */
  @Nullable Answer answer(EntryRequest request, CacheState state, Deadline firstByte) {
    if (!asking.mayServeUnasked(request.repo())) {
      return null;
    }
    Answer here = here(request, state, firstByte);
    if (here != null) {
      return here;
    }
    Answer arriving = underWay(request, state, firstByte);
    return arriving != null ? arriving : recollection.absence(request, state);
  }

  /**
   * {@code newest}, unless it is on its way and nothing of it comes while the bytes of an older
   * commit are here: then those. Waits for the first byte only in that case.
   */
  Answer orOlder(EntryRequest request, Answer newest, Deadline firstByte) {
    if (!(newest instanceof Answer.Arriving arriving)
        || request.revision().commit().isPresent()
        || !hasOlder(request, arriving, firstByte)) {
      return newest;
    }
    try {
      arriving.reader().awaitReadable(arriving.reader().range().start());
      return newest;
    } catch (LarderException e) {
      arriving.reader().close();
      Answer older =
          Thread.currentThread().isInterrupted()
              ? null
              : here(request, CacheState.STALE, firstByte);
      if (older == null) {
        throw e;
      }
      return older;
    }
  }

  private boolean hasOlder(EntryRequest request, Answer.Arriving newest, Deadline firstByte) {
    try {
      return hasBytes(request, firstByte);
    } catch (MirrorException.StillHashing _) {
      return false; // The newest one is on its way all the same.
    } catch (LarderException e) {
      newest.reader().close();
      throw e;
    }
  }

  private @Nullable Answer here(EntryRequest request, CacheState state, Deadline by) {
    Optional<Recollection.Remembered> entry = recollection.entry(request, by);
    return entry.isEmpty()
        ? null
        : bytes.ready(request, entry.get().head(), entry.get().digest(), state);
  }

  /** What is being fetched already is as good as what is cached. */
  private @Nullable Answer underWay(EntryRequest request, CacheState state, Deadline firstByte) {
    EntryHead head = recollection.newest(request).orElse(null);
    if (head == null || head.identity().isEmpty()) {
      return null;
    }
    return bytes.underWay(request, head, state, firstByte);
  }
}
