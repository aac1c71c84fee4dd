package dev.larder.http;

import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpServerResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a file while it is written, on the request's own thread. Bytes go from the page cache to
 * the socket; this thread only says which.
 */
final class GrowingDelivery {
  private static final Logger log = LoggerFactory.getLogger(GrowingDelivery.class);

  private final VertxRequest request;
  private final Reply.Growing reply;
  private final Sender sender;
  private boolean headSent;

  GrowingDelivery(VertxRequest request, Reply.Growing reply, Sender sender) {
    this.request = request;
    this.reply = reply;
    this.sender = sender;
  }

  /** Whether the client has seen the status, so that it is too late for another one. */
  boolean headSent() {
    return headSent;
  }

  void run() {
    Connection connection = request.connection();
    try (Reply.GrowingBody body = reply.body()) {
      connection.whenGone(body::close);
      if (request.isHead()) {
        long length = body.end() - body.start();
        connection.onLoop(
            () -> sender.send(request, new Reply.Head(reply.status(), reply.headers(), length)));
      } else {
        send(body);
      }
    } finally {
      connection.staysHere();
    }
  }

  private void send(Reply.GrowingBody body) {
    long at = body.start();
    // Waits before the head, so that a failure can still be an answer of its own.
    long readable = at < body.end() ? body.awaitReadable(at) : at;
    HttpServerResponse response =
        sender.begin(request, reply.status(), reply.headers(), body.end() - at);
    headSent = true;
    response.writeHead();
    while (at < body.end()) {
      await(Sender.sendRegion(request, new SharedRegion(body.channel(), at, readable - at)));
      body.sent(readable - at);
      at = readable;
      readable = at < body.end() ? body.awaitReadable(at) : at;
    }
    response.end().onComplete(_ -> sender.complete(request));
  }

  private static void await(ChannelFuture sent) {
    try {
      sent.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGone("The server stops while a file is sent.");
    }
    if (!sent.isSuccess()) {
      log.debug("A piece could not be sent.", sent.cause());
      throw new ClientGone("The client left while a file was sent.");
    }
  }
}
