package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.content.Identity;
import dev.larder.content.RangeRequest;
import dev.larder.content.Shares.Share;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.ForwardingBody;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives a file on as it comes from the upstream, and keeps nothing of it. What completes a file
 * completes only when the whole of it was hashed and is right, as it does from a flight; any other
 * range is checked for its place. Each holds a place among its caller's downloads.
 */
final class Bypass {
  private final Misses misses;

  Bypass(Misses misses) {
    this.misses = misses;
  }

  /**
   * Opens what {@code request} wants of {@code content}; empty when the range lies behind its end.
   */
  Optional<RemoteContent.Body> open(
      EntryRequest request, EntryHead head, RemoteContent content, Deadline by) {
    Optional<ByteRange> range = request.range().in(Math.max(0, head.sizeBytes()));
    if (head.sizeBytes() >= 0 && range.isEmpty()) {
      return Optional.empty();
    }
    Share place = misses.download(request.caller(), by.remaining().minus(Departures.SOONER));
    RemoteContent.Body body = null;
    try {
      body =
          head.identity().isEmpty() || head.sizeBytes() < 0
              ? plain(request.range(), range.orElse(null), content, by)
              : known(request.range(), range.orElseThrow(), head, content, by);
      return Optional.of(new Placed(body, place));
    } finally {
      if (body == null) {
        place.close();
      }
    }
  }

  /** Nobody said what it has to be. */
  private static RemoteContent.Body plain(
      RangeRequest asked, @Nullable ByteRange range, RemoteContent content, Deadline by) {
    return content.open(asked instanceof RangeRequest.Whole ? null : range, null, by);
  }

  private static RemoteContent.Body known(
      RangeRequest asked, ByteRange range, EntryHead head, RemoteContent content, Deadline by) {
    if (range.length() == head.sizeBytes()) {
      RemoteContent.Body whole = whole(head, content, by);
      return asked instanceof RangeRequest.Whole ? whole : new AsRange(whole, range);
    }
    RemoteContent.Body part = part(range, head, content, by);
    if (!asked.endsTheFile()) {
      return part;
    }
    boolean opened = false;
    try {
      RemoteContent.Body rest =
          new ProvenRest(part, range, whole(head, content, by), content.description());
      opened = true;
      return rest;
    } finally {
      if (!opened) {
        part.close();
      }
    }
  }

  private static RemoteContent.Body whole(EntryHead head, RemoteContent content, Deadline by) {
    Identity identity = head.identity().orElseThrow();
    RemoteContent.Body body = content.open(null, null, by);
    boolean opened = false;
    try {
      Proof proof = new Proof(identity, head.sizeBytes(), content.description());
      RemoteContent.Body proven =
          new ProvenBody(body, proof, head.sizeBytes(), content.description());
      opened = true;
      return proven;
    } finally {
      if (!opened) {
        body.close();
      }
    }
  }

  private static RemoteContent.Body part(
      ByteRange range, EntryHead head, RemoteContent content, Deadline by) {
    RemoteContent.Body body = content.open(range, null, by);
    boolean fits =
        body.partial()
            && body.end() == range.end()
            && (body.totalBytes() < 0 || body.totalBytes() == head.sizeBytes());
    if (!fits) {
      body.close();
      throw new UpstreamException.UpstreamLied(
          "The upstream was asked for a part of %s and sent something else; it cannot be passed on."
              .formatted(content.description()));
    }
    return body;
  }

  /** All of a file, to a client that asked for it by a range. */
  private static final class AsRange extends ForwardingBody {
    private final ByteRange range;

    AsRange(RemoteContent.Body body, ByteRange range) {
      super(body);
      this.range = range;
    }

    @Override
    public boolean partial() {
      return true;
    }

    @Override
    public long end() {
      return range.end();
    }
  }

  private static final class Placed extends ForwardingBody {
    private final Share place;

    Placed(RemoteContent.Body body, Share place) {
      super(body);
      this.place = place;
    }

    @Override
    public void close() {
      try (place) {
        super.close();
      }
    }
  }
}
