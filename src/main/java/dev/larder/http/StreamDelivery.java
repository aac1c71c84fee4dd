package dev.larder.http;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/** Sends pieces as somebody writes them, on the request's own thread, at the client's pace. */
final class StreamDelivery implements Reply.StreamSink {
  private static final long UNKNOWN = -1;

  private final VertxRequest request;
  private final Reply.Stream reply;
  private final Sender sender;
  private final long length;
  private long sent;
  private @Nullable HttpServerResponse response;

  StreamDelivery(VertxRequest request, Reply.Stream reply, Sender sender) {
    this.request = request;
    this.reply = reply;
    this.sender = sender;
    length =
        reply.headers().stream()
            .filter(header -> HttpHeaderNames.CONTENT_LENGTH.contentEqualsIgnoreCase(header.name()))
            .map(Header::value)
            .mapToLong(Long::parseLong)
            .findFirst()
            .orElse(UNKNOWN);
  }

  boolean headSent() {
    return response != null;
  }

  void run() {
    if (request.isHead()) {
      request
          .connection()
          .onLoop(
              () -> sender.send(request, new Reply.Head(reply.status(), reply.headers(), length)));
      return;
    }
    reply.body().writeTo(this);
    HttpServerResponse out = head();
    if (length != UNKNOWN && sent != length) {
      throw new ClientGone("The answer ended after %d of %d bytes.".formatted(sent, length));
    }
    out.end().onComplete(_ -> sender.complete(request));
  }

  private HttpServerResponse head() {
    HttpServerResponse out = response;
    if (out == null) {
      out = sender.begin(request, reply.status(), reply.headers(), length);
      if (length == UNKNOWN) {
        out.setChunked(true);
      }
      response = out;
      out.writeHead();
    }
    return out;
  }

  @Override
  public void write(byte[] bytes, int offset, int count) {
    if (count == 0) {
      return;
    }
    sent += count;
    if (length != UNKNOWN && sent > length) {
      throw new ClientGone("The answer is longer than the %d bytes promised.".formatted(length));
    }
    await(head().write(Buffer.buffer(count).appendBytes(bytes, offset, count)));
  }

  private void await(Future<Void> written) {
    try {
      written.toCompletionStage().toCompletableFuture().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGone("The server stops while an answer is sent.");
    } catch (java.util.concurrent.ExecutionException e) {
      throw new ClientGone("The client left while an answer was sent.");
    }
  }
}
