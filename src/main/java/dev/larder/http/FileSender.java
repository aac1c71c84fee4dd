package dev.larder.http;

import io.netty.buffer.ByteBuf;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts parts of files on the wire: small ones with the head, larger ones by {@code sendfile}, and
 * their last bytes only after the file was looked at once more. On the event loop.
 */
final class FileSender {
  private static final Logger log = LoggerFactory.getLogger(FileSender.class);

  /** What of a larger part goes out after a last look at its file. */
  private static final int LAST_BYTES = 4 << 10;

  private final Sender sender;
  private final Executor threads;

  /** {@code threads} are for what may block. */
  FileSender(Sender sender, Executor threads) {
    this.sender = sender;
    this.threads = threads;
  }

  void send(VertxRequest request, Reply.FileSlice reply) {
    // A client that sends request after request and takes nothing gets no copies.
    boolean small = reply.length() <= Sender.SMALL_BYTES && !request.connection().isBehind();
    if (request.isHead() || reply.length() == 0 || small) {
      sendSmall(request, reply);
      return;
    }
    SharedRegion part =
        new SharedRegion(reply.channel(), reply.offset(), reply.length() - last(reply));
    try {
      HttpServerResponse response =
          sender.begin(request, reply.status(), reply.headers(), reply.length());
      response.writeHead();
      Sender.sendRegion(request, part)
          .addListener(
              sent -> {
                if (sent.isSuccess() && request.connection().isOpen()) {
                  checkSlice(request, reply, response);
                } else {
                  cutSlice(request, reply, part.transferred());
                }
              });
    } catch (RuntimeException e) {
      reply.ended().accept(0);
      throw e;
    }
  }

  /** How many bytes are held back; a part in front of them is always left. */
  private static int last(Reply.FileSlice reply) {
    return (int) Math.min(LAST_BYTES, reply.length() - 1);
  }

  private void checkSlice(
      VertxRequest request, Reply.FileSlice reply, HttpServerResponse response) {
    if (reply.check().atOnce()) {
      endSlice(request, reply, response);
      return;
    }
    try {
      threads.execute(() -> checkThoroughly(request, reply, response));
    } catch (RejectedExecutionException e) {
      log.debug("The door is shut, so an answer is not completed.", e);
      cutSlice(request, reply, reply.length() - last(reply));
    }
  }

  private void checkThoroughly(
      VertxRequest request, Reply.FileSlice reply, HttpServerResponse response) {
    boolean sound = false;
    try {
      sound = reply.check().thoroughly();
      if (!sound) {
        log.atWarn()
            .addKeyValue("request", request.id())
            .log("A file was changed while it was sent; the answer is cut.");
      }
    } catch (RuntimeException e) {
      log.atWarn()
          .setCause(e)
          .addKeyValue("request", request.id())
          .log("A file that changed while it was sent cannot be checked; the answer is cut.");
    }
    boolean whole = sound;
    request
        .connection()
        .onLoop(
            () -> {
              if (whole && request.connection().isOpen()) {
                endSlice(request, reply, response);
              } else {
                cutSlice(request, reply, reply.length() - last(reply));
              }
            });
  }

  /** The next request waits until these bytes are out, so nobody can pile up answers. */
  private void endSlice(VertxRequest request, Reply.FileSlice reply, HttpServerResponse response) {
    ByteBuf last;
    try {
      last = read(request, reply, reply.length() - last(reply), last(reply));
    } catch (IOException | RuntimeException e) {
      log.atError()
          .setCause(e)
          .addKeyValue("request", request.id())
          .log("A stored file cannot be read.");
      cutSlice(request, reply, reply.length() - last(reply));
      return;
    }
    try {
      response
          .end(BufferInternal.buffer(last))
          .onComplete(
              sent -> {
                last.release(); // Vert.x does not release what it is given.
                reply.ended().accept(reply.length() - (sent.succeeded() ? 0 : last(reply)));
              });
      sender.complete(request);
    } catch (IllegalStateException e) {
      log.debug("The connection was closed before the last bytes.", e);
      last.release();
      cutSlice(request, reply, reply.length() - last(reply));
    }
  }

  private void cutSlice(VertxRequest request, Reply.FileSlice reply, long sentBytes) {
    reply.ended().accept(sentBytes); // First, so that nothing is held when the client sees it.
    request.connection().cut();
    sender.complete(request);
  }

  private void sendSmall(VertxRequest request, Reply.FileSlice reply) {
    if (request.isHead()) {
      reply.ended().accept(0);
      sender.sendHead(request, new Reply.Head(reply.status(), reply.headers(), reply.length()));
      return;
    }
    ByteBuf body;
    try {
      body = read(request, reply, 0, (int) reply.length());
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
      sender
          .begin(request, reply.status(), reply.headers(), reply.length())
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
    sender.complete(request);
  }

  /** {@code length} bytes of the part from its {@code start} on. */
  private static ByteBuf read(VertxRequest request, Reply.FileSlice reply, long start, int length)
      throws IOException {
    ByteBuf body = request.connection().buffer(length);
    try {
      while (body.writerIndex() < length) {
        int at = body.writerIndex();
        if (body.writeBytes(reply.channel(), reply.offset() + start + at, length - at) < 0) {
          throw new IOException("the file is shorter than it was");
        }
      }
    } catch (IOException | RuntimeException e) {
      body.release();
      throw e;
    }
    return body;
  }
}
