package dev.larder.http;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Reads a body that was held back until somebody wants it. */
final class RequestBody {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
  private final int limitBytes;

  private RequestBody(int limitBytes) {
    this.limitBytes = limitBytes;
  }

  /** Blocks until the body is here. Empty when there is none, or when it was read already. */
  static byte[] read(VertxRequest request, int limitBytes, Duration limit) {
    HttpServerRequest raw = request.raw();
    if (!request.hasBody() || raw.isEnded()) {
      return new byte[0];
    }
    if (declaredBytes(raw) > limitBytes) {
      throw new HttpException.BodyTooLarge(limitBytes);
    }
    RequestBody body = new RequestBody(limitBytes);
    Runnable gone = body::gone;
    request.connection().whenGone(gone);
    request.connection().onLoop(() -> body.listen(raw));
    try {
      return body.whole.get(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new HttpException.BodyTooSlow(limit.toSeconds());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ClientGone("The server stops while the request's body is read.");
    } catch (ExecutionException e) {
      throw e.getCause() instanceof HttpException known
          ? known
          : new HttpException.BadRequest("The request's body is not valid HTTP/1.1.");
    } finally {
      request.connection().staysHere(gone);
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

  private void listen(HttpServerRequest raw) {
    raw.handler(chunk -> take(raw, chunk));
    raw.exceptionHandler(whole::completeExceptionally);
    raw.endHandler(_ -> whole.complete(bytes.toByteArray()));
    raw.resume();
  }

  private void take(HttpServerRequest raw, Buffer chunk) {
    if (bytes.size() + chunk.length() > limitBytes) {
      raw.pause();
      whole.completeExceptionally(new HttpException.BodyTooLarge(limitBytes));
    } else {
      bytes.writeBytes(chunk.getBytes());
    }
  }

  private void gone() {
    whole.completeExceptionally(new ClientGone("The client left while its body was read."));
  }
}
