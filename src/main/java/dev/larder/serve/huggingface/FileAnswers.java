package dev.larder.serve.huggingface;

import dev.larder.content.ByteRange;
import dev.larder.content.RangeRequest;
import dev.larder.http.Header;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.Answer;
import dev.larder.mirror.CacheState;
import dev.larder.mirror.EntryHead;
import dev.larder.store.BlobLease;
import dev.larder.transfer.FlightReader;
import dev.larder.upstream.RemoteContent;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Turns what the mirror found into an answer of the hub. */
final class FileAnswers {
  private static final int PIECE_BYTES = 64 << 10;

  private FileAnswers() {}

  /** {@code unkept}: the answer past the store, should there be no room for what arrives. */
  static Reply reply(
      Request request,
      HotRoutes.File file,
      Conditions conditions,
      Answer answer,
      Supplier<Reply> unkept) {
    return switch (answer) {
      case Answer.Ready ready -> ready(file, conditions.rangeOf(ready.head()), ready);
      case Answer.Arriving arriving ->
          arriving(
              file.headers(arriving.head(), arriving.state()),
              conditions.rangeOf(arriving.head()),
              arriving,
              unkept);
      case Answer.Passing passing -> passing(file, passing);
      case Answer.Described(EntryHead head, CacheState state) ->
          conditions.unchanged(head)
              ? new Reply.Head(304, file.headers(head, state), 0)
              : new Reply.Head(200, file.headers(head, state), head.sizeBytes());
      case Answer.OutOfRange(EntryHead head) -> outOfRange(file, head, CacheState.HIT);
      case Answer.Refused(var reason, CacheState state) ->
          HubErrors.refusal(request, reason, state);
    };
  }

  private static Reply ready(HotRoutes.File file, RangeRequest range, Answer.Ready ready) {
    BlobLease lease = ready.lease();
    Optional<ByteRange> part = range.in(lease.sizeBytes());
    if (part.isEmpty()) {
      lease.close();
      return outOfRange(file, ready.head(), ready.state());
    }
    List<Header> headers = file.headers(ready.head(), ready.state());
    ByteRange bytes = part.get();
    boolean whole = range instanceof RangeRequest.Whole;
    return new Reply.FileSlice(
        whole ? 200 : 206,
        whole ? headers : partial(headers, bytes, lease.sizeBytes()),
        lease.channel(),
        bytes.start(),
        bytes.length(),
        check(lease),
        sent -> {
          lease.close();
          ready.served().accept(sent);
        });
  }

  private static Reply.FileCheck check(BlobLease lease) {
    return new Reply.FileCheck() {
      @Override
      public boolean atOnce() {
        return lease.isUnchanged();
      }

      @Override
      public boolean thoroughly() {
        return lease.isSound();
      }
    };
  }

  private static Reply arriving(
      List<Header> headers, RangeRequest range, Answer.Arriving arriving, Supplier<Reply> unkept) {
    FlightReader reader = arriving.reader();
    boolean whole = range instanceof RangeRequest.Whole;
    return new Reply.Growing(
        whole ? 200 : 206,
        whole ? headers : partial(headers, reader.range(), arriving.head().sizeBytes()),
        new FlightBody(reader, arriving.served(), unkept));
  }

  private static Reply passing(HotRoutes.File file, Answer.Passing passing) {
    RemoteContent.Body body = passing.body();
    List<Header> headers = file.headers(passing.head(), CacheState.BYPASS);
    long end = body.end() >= 0 ? body.end() : body.totalBytes();
    if (end >= 0) {
      headers = Headers.with(headers, "Content-Length", Long.toString(end - body.start()));
    }
    if (body.partial() && end > body.start()) {
      String total = body.totalBytes() < 0 ? "*" : Long.toString(body.totalBytes());
      headers =
          Headers.with(
              headers, "Content-Range", "bytes " + body.start() + "-" + (end - 1) + "/" + total);
    }
    return new Reply.Stream(body.partial() ? 206 : 200, headers, sink -> pass(passing, sink));
  }

  private static void pass(Answer.Passing passing, Reply.StreamSink sink) {
    try (RemoteContent.Body body = passing.body()) {
      byte[] piece = new byte[PIECE_BYTES];
      for (int count; (count = body.read(piece, 0, piece.length)) >= 0; ) {
        sink.write(piece, 0, count);
        passing.served().accept(count);
      }
    }
  }

  private static Reply outOfRange(HotRoutes.File file, EntryHead head, CacheState state) {
    return new Reply.Head(
        416,
        Headers.with(file.headers(head, state), "Content-Range", "bytes */" + head.sizeBytes()),
        0);
  }

  private static List<Header> partial(List<Header> headers, ByteRange part, long sizeBytes) {
    return Headers.with(headers, "Content-Range", part.contentRange(sizeBytes));
  }
}
