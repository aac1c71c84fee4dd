package dev.larder.http;

import dev.larder.content.LarderException;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads a body that was held back until somebody wants it. Memory is taken for what has come, not
 * for what was announced; while there is none, the request's thread waits for it and the client is
 * not read from.
 */
final class RequestBody {
  /** The pieces, and the whole that they become. */
  private static final long COPIES = 2;

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
  private final VertxRequest request;
  private final HttpServerRequest raw;
  private final int limitBytes;

  /** What the event loop tells the thread that waits. */
  private sealed interface Step {
    record Whole() implements Step {}

    record Broken(LarderException why) implements Step {}

    /** There was no memory for it, and nothing more is read before there is. */
    record Held(Buffer chunk) implements Step {}
  }

  private RequestBody(VertxRequest request, int limitBytes) {
    this.request = request;
    this.raw = request.raw();
    this.limitBytes = limitBytes;
  }

  /** Blocks until the body is here. Empty when there is none, or when it was read already. */
  static byte[] read(VertxRequest request, int limitBytes, Duration limit) {
    if (!request.hasBody() || request.raw().isEnded()) {
      return new byte[0];
    }
    if (declaredBytes(request.raw()) > limitBytes) {
      throw new HttpException.BodyTooLarge(limitBytes);
    }
    return new RequestBody(request, limitBytes).read(limit);
  }

  private byte[] read(Duration limit) {
    Runnable gone = this::gone;
    request.connection().whenGone(gone);
    request.connection().onLoop(this::listen);
    try {
      return read(limit.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGone("The server stops while the request's body is read.");
    } finally {
      request.connection().staysHere(gone);
    }
  }

  private byte[] read(long limitNanos) throws InterruptedException {
    for (long left = limitNanos; ; ) {
      long began = System.nanoTime();
      Step step = steps.poll(left, TimeUnit.NANOSECONDS);
      left -= System.nanoTime() - began; // Waiting for memory is none of the client's doing.
      switch (step) {
        case Step.Whole() -> {
          return bytes.toByteArray();
        }
        case Step.Broken(LarderException why) -> throw why;
        case Step.Held(Buffer chunk) -> {
          request.take(COPIES * chunk.length());
          request.connection().onLoop(() -> goOn(chunk));
        }
        case null -> throw new HttpException.BodyTooSlow(limitNanos / 1_000_000_000);
      }
    }
  }

  /** As the client announced it, which need not be true; -1 when it did not. */
  private static long declaredBytes(HttpServerRequest raw) {
    try {
      String declared = raw.getHeader(HttpHeaders.CONTENT_LENGTH);
      return declared == null ? -1 : Long.parseLong(declared);
    } catch (NumberFormatException e) {
      throw new HttpException.BadRequest("The request's Content-Length is not a number of bytes.");
    }
  }

  private void listen() {
    raw.handler(this::take);
    raw.exceptionHandler(why -> broken(known(why)));
    raw.endHandler(_ -> steps.add(new Step.Whole()));
    if ("100-continue".equalsIgnoreCase(raw.getHeader(HttpHeaders.EXPECT))) {
      var _ = raw.response().writeContinue(); // Whoever waits for a refusal gets that at once.
    }
    raw.resume();
  }

  private static LarderException known(@Nullable Throwable why) {
    return why instanceof HttpException known
        ? known
        : new HttpException.BadRequest("The request's body is not valid HTTP/1.1.");
  }

  private void take(Buffer chunk) {
    if (bytes.size() + chunk.length() > limitBytes) {
      raw.pause();
      broken(new HttpException.BodyTooLarge(limitBytes));
    } else if (request.tryTake(COPIES * chunk.length())) {
      bytes.writeBytes(chunk.getBytes());
    } else {
      raw.pause();
      steps.add(new Step.Held(chunk));
    }
  }

  private void goOn(Buffer held) {
    bytes.writeBytes(held.getBytes());
    raw.resume();
  }

  private void gone() {
    broken(new ClientGone("The client left while its body was read."));
  }

  private void broken(LarderException why) {
    steps.add(new Step.Broken(why));
  }
}
