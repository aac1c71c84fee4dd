package dev.larder.serve.huggingface;

import dev.larder.content.RangeRequest;
import dev.larder.http.Request;
import dev.larder.mirror.Answer;
import dev.larder.mirror.EntryHead;
import org.jspecify.annotations.Nullable;

/** What a request makes its answer depend on. RFC 9110 §13. */
record Conditions(@Nullable String ifNoneMatch, @Nullable String ifRange, RangeRequest range) {
  static Conditions of(Request request) {
    // RFC 9110 §14.2: Range means something for GET alone.
    RangeRequest range = request.method().equals("GET") ? request.range() : RangeRequest.WHOLE;
    String ifRange = range instanceof RangeRequest.Whole ? null : request.header("If-Range");
    return new Conditions(request.header("If-None-Match"), ifRange, range);
  }

  /** Whether the file's description must be known before its bytes are asked for. */
  boolean any() {
    return ifNoneMatch != null || ifRange != null;
  }

  /** Whether the client has what it would get. Weak comparison. */
  boolean unchanged(EntryHead head) {
    if (ifNoneMatch == null) {
      return false;
    }
    String etag = EntryHeaders.quoted(head);
    for (String tag : ifNoneMatch.split(",", -1)) {
      String strong = tag.strip().startsWith("W/") ? tag.strip().substring(2) : tag.strip();
      if (strong.equals("*") || strong.equals(etag)) {
        return true;
      }
    }
    return false;
  }

  /** The range, unless it was meant for other bytes. Strong comparison; a date proves nothing. */
  RangeRequest rangeOf(EntryHead head) {
    return ifRange == null || ifRange.strip().equals(EntryHeaders.quoted(head))
        ? range
        : RangeRequest.WHOLE;
  }

  /** Whether {@code part} may be sent of what was opened after the conditions were judged. */
  boolean allow(RangeRequest part, Answer opened) {
    if (part instanceof RangeRequest.Whole) {
      return true;
    }
    return switch (opened) {
      case Answer.Ready(EntryHead head, _, _, _) -> part.equals(rangeOf(head));
      case Answer.Arriving(EntryHead head, _, _, _) -> part.equals(rangeOf(head));
      case Answer.Passing(EntryHead head, _, _) -> part.equals(rangeOf(head));
      case Answer.OutOfRange(EntryHead head) -> part.equals(rangeOf(head));
      case Answer.Described _, Answer.Refused _ -> true;
    };
  }
}
