package dev.larder.http;

import io.netty.channel.ChannelFuture;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
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
  private final Executor threads;
  private boolean headSent;

  /** {@code threads}: where a body may block while it is closed. */
  GrowingDelivery(VertxRequest request, Reply.Growing reply, Sender sender, Executor threads) {
    this.request = request;
    this.reply = reply;
    this.sender = sender;
    this.threads = threads;
  }

  /** Whether the client has seen the status, so that it is too late for another one. */
  boolean headSent() {
    return headSent;
  }

  void run() {
    Connection connection = request.connection();
    Reply.GrowingBody closing = reply.body();
    Runnable leave = () -> leave(closing);
    try (Reply.GrowingBody body = closing) {
      connection.whenGone(leave);
      if (request.isHead()) {
        long length = body.end() - body.start();
        connection.onLoop(
            () -> sender.send(request, new Reply.Head(reply.status(), reply.headers(), length)));
      } else {
        send(body);
      }
    } finally {
      connection.staysHere(leave);
    }
  }

  /** Wakes the wait for more. Elsewhere: the last reader of a download waits for the disk here. */
  private void leave(Reply.GrowingBody body) {
    try {
      threads.execute(body::close);
    } catch (RejectedExecutionException e) {
      log.debug("The door is shut, so the request's own thread closes its body.", e);
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
