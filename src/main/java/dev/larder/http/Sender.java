package dev.larder.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import io.vertx.core.net.impl.VertxConnection;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts answers that are complete in memory or in a file on the wire. On the event loop. */
final class Sender {
  private static final Logger log = LoggerFactory.getLogger(Sender.class);

  /**
   * A file part up to this size is read and sent in one piece with the head: one packet and one
   * system call less than {@code sendfile}.
   */
  private static final int SMALL_BYTES = 64 << 10;

  private final HttpDate date;

  Sender(HttpDate date) {
    this.date = date;
  }

  void send(VertxRequest request, Reply reply) {
    try {
      switch (reply) {
        case Reply.Bytes bytes -> sendBytes(request, bytes);
        case Reply.Head head -> sendHead(request, head);
        case Reply.FileSlice slice -> sendSlice(request, slice);
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
    if (request.isHead() || Statuses.hasNoBody(reply.status())) {
      response.end();
    } else {
      response.end(Buffer.buffer(reply.body()));
    }
    complete(request);
  }

  private void sendHead(VertxRequest request, Reply.Head reply) {
    HttpServerResponse response =
        begin(request, reply.status(), reply.headers(), reply.contentLength());
    response.end();
    complete(request);
  }

  private void sendSlice(VertxRequest request, Reply.FileSlice reply) {
    if (request.isHead() || reply.length() <= SMALL_BYTES) {
      sendSmall(request, reply);
      return;
    }
    SharedRegion part = new SharedRegion(reply.channel(), reply.offset(), reply.length());
    try {
      HttpServerResponse response = begin(request, reply.status(), reply.headers(), reply.length());
      response.writeHead();
      sendRegion(request, part)
          .addListener(
              sent -> {
                reply.ended().accept(sent.isSuccess() ? reply.length() : part.transferred());
                endSlice(request, response, sent.isSuccess());
              });
    } catch (RuntimeException e) {
      reply.ended().accept(0);
      throw e;
    }
  }

  /** The next request waits until these bytes are out, so nobody can pile up answers. */
  private void endSlice(VertxRequest request, HttpServerResponse response, boolean sent) {
    if (sent && request.connection().isOpen()) {
      response.end();
    } else {
      request.connection().cut();
    }
    complete(request);
  }

  /** Sends a part of a file, from any thread; the head went before it. */
  static ChannelFuture sendRegion(VertxRequest request, SharedRegion part) {
    VertxConnection out = (VertxConnection) request.raw().connection();
    ChannelPromise sent = out.newChannelPromise();
    out.writeToChannel(part, sent);
    return sent;
  }

  private void sendSmall(VertxRequest request, Reply.FileSlice reply) {
    if (request.isHead()) {
      reply.ended().accept(0);
      sendHead(request, new Reply.Head(reply.status(), reply.headers(), reply.length()));
      return;
    }
    ByteBuf body;
    try {
      body = read(request, reply);
    } catch (IOException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("request", request.id())
          .log("A stored file cannot be read.");
      request.connection().cut();
      reply.ended().accept(0);
      return;
    }
    try {
      begin(request, reply.status(), reply.headers(), reply.length())
          .end(BufferInternal.buffer(body))
          .onComplete(
              sent -> {
                body.release(); // Vert.x does not release what it is given.
                reply.ended().accept(sent.succeeded() ? reply.length() : 0);
              });
    } catch (RuntimeException e) {
      body.release();
      reply.ended().accept(0);
      throw e;
    }
    complete(request);
  }

  private static ByteBuf read(VertxRequest request, Reply.FileSlice reply) throws IOException {
    int length = (int) reply.length();
    ByteBuf body = request.connection().buffer(length);
    try {
      while (body.writerIndex() < length) {
        int at = body.writerIndex();
        if (body.writeBytes(reply.channel(), reply.offset() + at, length - at) < 0) {
          throw new IOException("the file is shorter than " + (reply.offset() + length) + " bytes");
        }
      }
    } catch (IOException | RuntimeException e) {
      body.release();
      throw e;
    }
    return body;
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
    if (leavesBody(request)) {
      out.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    return response;
  }

  /** A body nobody read stands between this request and the next, so the connection ends here. */
  private static boolean leavesBody(VertxRequest request) {
    return request.hasBody() && !request.raw().isEnded();
  }

  /** On the event loop, after the last write of an answer was asked for. */
  void complete(VertxRequest request) {
    request.connection().end();
    if (leavesBody(request)) {
      request.connection().finish();
    }
  }
}
