package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.store.StagedBlob;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Hands out what is to be fetched, and knows how the upstream wants to be asked: in how many ranges
 * at once, or in one stream, and by which validator. Part of a flight; guarded by the flight's
 * lock.
 */
final class FetchDesk {
  /** A reader further than this ahead of a running claim's position is not made to wait for it. */
  private static final long FAR_AHEAD_BYTES = 4 << 20;

  /** Nor one who would wait longer than this for a claim nearer by, as far as can be told. */
  static final long LATE_NANOS = 1_000_000_000;

  /**
   * Fetchers that a lone range may have beyond the setting, so that it never queues behind a whole
   * file.
   */
  private static final int URGENT_EXTRA = 2;

  private final FlightOrder order;
  private final StagedBlob staged;
  private final int connections;
  private final FetchPlan plan;
  private final Pace pace;
  private final List<Claim> claims = new ArrayList<>();
  private int allowed = 1;
  private boolean oneStream;
  private boolean rangesWork;
  private @Nullable String validator;

  FetchDesk(FlightOrder order, StagedBlob staged, TransferSettings settings) {
    this.order = order;
    this.staged = staged;
    this.connections = settings.connections();
    this.plan = new FetchPlan(order.sizeBytes(), TransferSettings.SMALLEST_SEGMENT);
    this.pace = new Pace(settings, order.sizeBytes());
    this.validator = staged.label().get("validator");
  }

  /** How many fetchers may run for {@code wants}. */
  int allowed(List<Want> wants, boolean hasherLags) {
    if (!wants.stream().allMatch(Want::wholeFile)) {
      return allowed + URGENT_EXTRA;
    }
    return hasherLags ? allowedAheadOfHasher(wants) : allowed;
  }

  /** Nothing is fetched far ahead of the hasher, but who waits for bytes is not made to wait. */
  private int allowedAheadOfHasher(List<Want> wants) {
    boolean awaited =
        wants.stream().anyMatch(want -> staged.landedUntil(want.position()) == want.position());
    return awaited ? 1 : 0;
  }

  /** The most useful bytes that nobody has and nobody fetches; null when there are none. */
  @Nullable Claim claim(List<Want> wants) {
    if (oneStream) {
      return null;
    }
    shortenClaimsInTheWay(wants);
    List<ByteRange> landed = staged.landed();
    List<ByteRange> claimed =
        claims.stream().map(Claim::remaining).filter(Objects::nonNull).toList();
    List<ByteRange> covered = FetchPlan.merge(landed, claimed);
    Optional<ByteRange> next =
        plan.next(covered, wants, pace.requestBytes(plan.uncovered(covered)));
    if (next.isEmpty()) {
      return null;
    }
    boolean nothingYet = landed.isEmpty() && claims.isEmpty();
    boolean atOnce = nothingYet && small() && wants.stream().anyMatch(Want::wholeFile);
    Claim claim = new Claim(atOnce ? ByteRange.whole(order.sizeBytes()) : next.get());
    claims.add(claim);
    return claim;
  }

  private boolean small() {
    return order.sizeBytes() <= TransferSettings.ONE_REQUEST_BYTES;
  }

  /**
   * A claim that would reach a waiting reader's bytes only much later gives them up, and goes on
   * with what lies before them.
   */
  private void shortenClaimsInTheWay(List<Want> wants) {
    long now = System.nanoTime();
    for (Want want : wants) {
      if (!want.wholeFile()) {
        long wanted = staged.landedUntil(want.position());
        claims.stream()
            .filter(claim -> inTheWay(claim, wanted, now))
            .forEach(claim -> giveUpFrom(wanted, claim));
      }
    }
  }

  private static boolean inTheWay(Claim claim, long wanted, long now) {
    return wanted < claim.end()
        && (wanted - claim.position() > FAR_AHEAD_BYTES
            || claim.tooSlowFor(wanted, LATE_NANOS, now));
  }

  private static void giveUpFrom(long wanted, Claim claim) {
    claim.endAt(wanted);
    if (claim.done()) {
      claim.abandon(); // It fell silent just here, and nothing is left for it to wait for.
    }
  }

  /** Whether a running claim comes to {@code position} before long. */
  boolean comesTo(long position) {
    for (Claim claim : claims) {
      long ahead = position - claim.position();
      if (!claim.abandoned() && ahead >= 0 && ahead <= FAR_AHEAD_BYTES && position < claim.end()) {
        return true;
      }
    }
    return false;
  }

  void giveBack(Claim claim) {
    pace.fetched(claim.fetchedBytes(), claim.nanos());
    claims.remove(claim);
  }

  void forgetEnded() {
    claims.removeIf(claim -> claim.done() || claim.abandoned());
  }

  void abandonAll() {
    claims.forEach(Claim::abandon);
  }

  /**
   * Takes over the claim of a fetcher that cannot get it, when {@code others} fetch on; answers
   * whether they do.
   */
  boolean takeOver(Claim claim, int others) {
    if (oneStream || others < 1) {
      return false;
    }
    claims.remove(claim);
    allowed = others;
    return true;
  }

  /** The upstream says it is busy: half as many connections. */
  void askForLess() {
    allowed = Math.max(1, allowed / 2);
  }

  boolean oneStream() {
    return oneStream;
  }

  @Nullable String validator() {
    return validator;
  }

  /**
   * Judges an answer before its bytes are used. {@code asked} is null when no range was asked for.
   * True when more fetchers may be sent out now. Throws when the answer cannot be used.
   */
  boolean accept(Claim mine, RemoteContent.Body body, @Nullable ByteRange asked) {
    if (body.totalBytes() >= 0 && body.totalBytes() != order.sizeBytes()) {
      throw lied("it says %d bytes in all, not %d".formatted(body.totalBytes(), order.sizeBytes()));
    }
    acceptValidator(body.validator().orElse(null));
    if (asked == null) {
      return false;
    }
    if (!body.partial()) {
      useOneStream(mine);
      return false;
    }
    if (body.start() != asked.start()) {
      throw lied("it sent bytes from %d, not from %d".formatted(body.start(), asked.start()));
    }
    boolean first = !rangesWork;
    if (first) {
      rangesWork = true;
      allowed = connections;
    }
    return first;
  }

  private void acceptValidator(@Nullable String tag) {
    if (tag != null && validator != null && !tag.equals(validator)) {
      throw new TransferException.ContentMismatch(
          order.content().description()
              + " changed at the upstream while it was fetched; what had landed is dropped.",
          null);
    }
    if (tag != null) {
      validator = tag;
    }
  }

  private UpstreamException.UpstreamLied lied(String how) {
    return new UpstreamException.UpstreamLied(
        "The upstream's answer for "
            + order.content().description()
            + " cannot be right: "
            + how
            + ".");
  }

  /**
   * Asks without a range from now on, if that was not tried and ranges never worked; answers
   * whether it does.
   */
  boolean fallBackToOneStream(Claim mine) {
    if (oneStream || rangesWork) {
      return false;
    }
    useOneStream(mine);
    return true;
  }

  /** The upstream knows no ranges: one body from the first byte, all other fetchers go. */
  private void useOneStream(Claim mine) {
    oneStream = true;
    allowed = 1;
    for (Claim claim : claims) {
      if (claim == mine) {
        claim.endAt(order.sizeBytes());
      } else {
        claim.abandon();
      }
    }
  }
}
