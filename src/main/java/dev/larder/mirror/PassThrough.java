package dev.larder.mirror;

import dev.larder.content.Shares;
import dev.larder.content.Shares.Holder;
import dev.larder.content.Shares.Share;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.PassRequest;
import dev.larder.upstream.huggingface.Passed;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads of the hub that are not cached: asked with the caller's own token and nobody else's, passed
 * on and kept nowhere. Only so many at once, and of one caller only some of them: each holds a
 * connection and a little memory for as long as its client takes. While somebody waits for a slot,
 * clients that hardly take anything lose theirs.
 */
final class PassThrough {
  static final int MOST = 32;

  /** More than clients of one host ever have under way; each only waits a moment. */
  private static final int MOST_WAITING = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(PassThrough.class);

  private final HubUpstream upstream;
  private final Traffic traffic;
  private final MirrorSettings settings;
  private final Shares slots = new Shares(Shares.Limits.of(MOST, MOST_WAITING));
  private final Set<PassedOn> open = ConcurrentHashMap.newKeySet();

  PassThrough(HubUpstream upstream, Traffic traffic, MirrorSettings settings) {
    this.upstream = upstream;
    this.traffic = traffic;
    this.settings = settings;
  }

  /** {@code request} is made when there is a slot for it: what it holds is read then. */
  Found<Passed> ask(Supplier<PassRequest> request, Caller caller) {
    if (settings.offline() || caller.offline()) {
      throw new MirrorException.OfflineMiss(
          "What this address answers is never cached, only passed on, and Larder is offline.");
    }
    return inSlot(
        caller,
        () -> upstream.pass(request.get(), caller.credential(), MirrorSettings.FIRST_ANSWER));
  }

  /** An answer of the hub that is passed on, opened. */
  interface Opening {
    Found<Passed> open();
  }

  /** The slot is kept until the answer is closed. */
  Found<Passed> inSlot(Caller caller, Opening opening) {
    Share slot = take(caller.holder());
    boolean passing = false;
    try {
      Found<Passed> found = opening.open();
      if (found instanceof Found.Here<Passed>(Passed passed)) {
        passing = true;
        traffic.passed();
        PassedOn answer =
            new PassedOn(passed, traffic, caller.holder(), ended -> free(ended, slot));
        open.add(answer);
        return new Found.Here<>(answer);
      }
      return found;
    } finally {
      if (!passing) {
        slot.close();
      }
    }
  }

  private void free(PassedOn answer, Share slot) {
    open.remove(answer);
    slot.close();
  }

  private Share take(Holder holder) {
    return slots
        .take(holder, 1, MirrorSettings.REVALIDATION, () -> cutOne(holder))
        .orElseThrow(() -> new MirrorException.TooManyPassing(MOST));
  }

  /** Of those whose slot would help {@code waiting}. */
  private void cutOne(Holder waiting) {
    boolean any = slots.exhausted();
    open.stream()
        .filter(it -> any || it.holder().address().equals(waiting.address()))
        .filter(PassedOn::tooSlow)
        .findAny()
        .ifPresent(
            slow -> {
              LOG.atInfo().log(
                  "A client that hardly takes its passed answer is cut, since others wait for one");
              slow.cut();
            });
  }
}
