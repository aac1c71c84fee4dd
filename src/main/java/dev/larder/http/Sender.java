package dev.larder.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.VertxConnection;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts answers that are complete in memory or in a file on the wire. On the event loop. */
final class Sender {
  private static final Logger log = LoggerFactory.getLogger(Sender.class);

  /**
   * A file part up to this size is read and sent in one piece with the head: one packet and one
   * system call less than {@code sendfile}.
   */
  static final int SMALL_BYTES = 64 << 10;

  private final HttpDate date;
  private final FileSender files;

  /** {@code threads} are for what may block. */
  Sender(HttpDate date, Executor threads) {
    this.date = date;
    files = new FileSender(this, threads);
  }

  void send(VertxRequest request, Reply reply) {
    try {
      switch (reply) {
        case Reply.Bytes bytes -> sendBytes(request, bytes);
        case Reply.Head head -> sendHead(request, head);
        case Reply.FileSlice slice -> files.send(request, slice);
        case Reply.Growing _, Reply.Stream _ ->
            throw new IllegalArgumentException("a body that arrives needs a thread");
      }
    } catch (IllegalStateException e) {
      // Vert.x says so when the connection was closed in between.
      log.debug("The answer could not be sent.", e);
      request.connection().cut();
    } catch (RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("request", request.id())
          .log("An answer could not be put on the wire.");
      request.connection().cut();
    }
  }

  private void sendBytes(VertxRequest request, Reply.Bytes reply) {
    HttpServerResponse response =
        begin(request, reply.status(), reply.headers(), reply.body().length);
    request.sending(reply.body().length);
    if (request.isHead() || Statuses.hasNoBody(reply.status())) {
      response.end();
    } else if (reply.body().length > SMALL_BYTES) {
      response.writeHead();
      sendPiece(request, response, reply.body(), 0);
      return;
    } else {
      response.end(Buffer.buffer(reply.body()));
    }
    complete(request);
  }

  /**
   * Each piece when the one before is out: what is handed over whole is copied whole, for as long
   * as its client likes to take it.
   */
  private void sendPiece(VertxRequest request, HttpServerResponse response, byte[] body, int at) {
    int count = Math.min(SMALL_BYTES, body.length - at);
    VertxConnection out = (VertxConnection) request.raw().connection();
    ChannelPromise sent = out.newChannelPromise();
    out.writeToChannel(new DefaultHttpContent(Unpooled.wrappedBuffer(body, at, count)), sent);
    sent.addListener(
        done -> {
          request.sentPiece();
          if (done.isSuccess() && at + count < body.length) {
            sendPiece(request, response, body, at + count);
          } else {
            endPieces(request, response, done.isSuccess());
          }
        });
  }

  private void endPieces(VertxRequest request, HttpServerResponse response, boolean sent) {
    if (sent && request.connection().isOpen()) {
      response.end();
    } else {
      request.connection().cut();
    }
    complete(request);
  }

  void sendHead(VertxRequest request, Reply.Head reply) {
    HttpServerResponse response =
        begin(request, reply.status(), reply.headers(), reply.contentLength());
    response.end();
    complete(request);
  }

  /** Sends a part of a file, from any thread; the head went before it. */
  static ChannelFuture sendRegion(VertxRequest request, SharedRegion part) {
    VertxConnection out = (VertxConnection) request.raw().connection();
    ChannelPromise sent = out.newChannelPromise();
    out.writeToChannel(part, sent);
    return sent;
  }

  /** The head of an answer, on the response but not sent. */
  HttpServerResponse begin(VertxRequest request, int status, List<Header> headers, long length) {
    HttpServerResponse response = request.raw().response();
    response.setStatusCode(status);
    MultiMap out = response.headers();
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      out.add(header.encodedName(), header.encodedValue());
    }
    out.add(HttpHeaderNames.DATE, date.now());
    if (length >= 0 && !Statuses.hasNoBody(status)) {
      out.set(HttpHeaderNames.CONTENT_LENGTH, new AsciiString(Long.toString(length)));
    }
    if (endsHere(request)) {
      out.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return response;
  }

  /** A body nobody read stands between this request and the next, so the connection ends here. */
  private static boolean leavesBody(VertxRequest request) {
    return request.hasBody() && !request.raw().isEnded();
  }

  private static boolean endsHere(VertxRequest request) {
    return request.connection().isGuest() || leavesBody(request);
  }

  /** On the event loop, after the last write of an answer was asked for. */
  void complete(VertxRequest request) {
    request.connection().end();
    request.delivered();
    if (endsHere(request)) {
      request.connection().finish();
    }
  }
}
