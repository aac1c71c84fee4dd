package dev.larder.serve.huggingface;

import dev.larder.content.RangeRequest;
import dev.larder.http.Request;
import dev.larder.mirror.Condition;
import dev.larder.mirror.EntryHead;
import org.jspecify.annotations.Nullable;

/** What a request makes its answer depend on. RFC 9110 §13. */
record Conditions(@Nullable String ifNoneMatch, @Nullable String ifRange, RangeRequest range)
    implements Condition {
  static Conditions of(Request request) {
    // RFC 9110 §14.2: Range means something for GET alone.
    RangeRequest range = request.method().equals("GET") ? request.range() : RangeRequest.WHOLE;
    String ifRange = range instanceof RangeRequest.Whole ? null : request.header("If-Range");
    return new Conditions(request.header("If-None-Match"), ifRange, range);
  }

  /** For the mirror: most requests have none. */
  Condition condition() {
    return ifNoneMatch == null && ifRange == null ? Condition.NONE : this;
  }

  @Override
  public boolean descriptionDoes(EntryHead head) {
    return unchanged(head);
  }

  /** Whether the client has what it would get. Weak comparison. */
  boolean unchanged(EntryHead head) {
    if (ifNoneMatch == null) {
      return false;
    }
    String etag = opaque(EntryHeaders.tag(head));
    for (String tag : ifNoneMatch.split(",", -1)) {
      if (tag.strip().equals("*") || (!etag.isEmpty() && opaque(tag.strip()).equals(etag))) {
        return true;
      }
    }
    return false;
  }

  private static String opaque(String tag) {
    return tag.startsWith("W/") ? tag.substring(2) : tag;
  }

  /** The range, unless it was meant for other bytes. Strong comparison; a date proves nothing. */
  @Override
  public RangeRequest rangeOf(EntryHead head, RangeRequest asked) {
    return ifRange == null || proves(EntryHeaders.tag(head)) ? asked : RangeRequest.WHOLE;
  }

  private boolean proves(String tag) {
    return ifRange != null && tag.startsWith("\"") && ifRange.strip().equals(tag);
  }

  RangeRequest rangeOf(EntryHead head) {
    return rangeOf(head, range);
  }
}
