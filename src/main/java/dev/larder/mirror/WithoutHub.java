package dev.larder.mirror;

import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
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
    return asking.mayServeUnasked(request.repo(), request.caller())
        && recollection.cached(request, by);
  }

  /** What can be answered without the hub; null when nothing can, or may. */
  @Nullable Answer answer(EntryRequest request, CacheState state, Deadline firstByte) {
    if (!asking.mayServeUnasked(request.repo(), request.caller())) {
      return null;
    }
    Answer here = here(request, state, firstByte);
    if (here != null) {
      return here;
    }
    Answer arriving = underWay(request, state, firstByte);
    return arriving != null ? arriving : recollection.absence(request, state);
  }

  /** What is thrown when nothing could be answered, with what helps whoever asked. */
  RuntimeException unknown(EntryRequest request, UpstreamException away) {
    RuntimeException told = asking.rightsUnknown(request.repo(), request.caller(), away);
    String elsewhere = elsewhere(request);
    return told != away || elsewhere.isEmpty() ? told : UpstreamException.saying(away, elsewhere);
  }

  /** Only for whoever may be told what is here. */
  String elsewhere(EntryRequest request) {
    return asking.mayServeUnasked(request.repo(), request.caller())
        ? recollection.elsewhere(request)
        : "";
  }

  private @Nullable Answer here(EntryRequest request, CacheState state, Deadline by) {
    Optional<Recollection.Remembered> entry = recollection.entry(request, by);
    return entry.isEmpty()
        ? null
        : bytes.ready(request, entry.get().head(), entry.get().digest(), state);
  }

  /** What is being fetched already is as good as what is cached. */
  private @Nullable Answer underWay(EntryRequest request, CacheState state, Deadline firstByte) {
    EntryHead head = recollection.described(request).orElse(null);
    if (head == null || head.identity().isEmpty()) {
      return null;
    }
    String scope = asking.scopeUnasked(request.repo(), request.caller());
    return bytes.underWay(request, head, scope, state, firstByte);
  }
}
