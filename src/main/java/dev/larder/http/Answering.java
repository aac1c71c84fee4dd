package dev.larder.http;

import dev.larder.content.LarderException;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From a request to its answer: at once on the event loop when an endpoint can, else after one
 * hand-over to a virtual thread.
 */
final class Answering {
  private static final Logger log = LoggerFactory.getLogger(Answering.class);

  private final DoorSettings settings;
  private final Hosts hosts;
  private final Map<String, Endpoint> endpoints;
  private final @Nullable Endpoint rest;
  private final Sender sender;
  private final ExecutorService requestThreads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());

  Answering(DoorSettings settings, List<Endpoint> endpoints, HttpDate date) {
    this.settings = settings;
    this.endpoints =
        endpoints.stream()
            .collect(Collectors.toUnmodifiableMap(Endpoint::prefix, Function.identity()));
    rest = this.endpoints.get("");
    hosts = new Hosts(settings.hosts(), settings.publicUrl());
    sender = new Sender(date);
  }

  /** On the event loop. */
  void request(HttpServerRequest raw) {
    Connection connection = Connection.of(((ConnectionBase) raw.connection()).channel());
    connection.begin();
    VertxRequest request = new VertxRequest(raw, connection, settings);
    if (request.hasBody()) {
      raw.pause();
    }
    Reply reply = atOnce(request);
    if (reply != null && !needsThread(reply)) {
      sender.send(request, reply);
      return;
    }
    requestThreads.execute(() -> onThread(request, reply));
  }

  private @Nullable Reply atOnce(VertxRequest request) {
    HttpException refusal = request.refusal(hosts);
    if (refusal != null) {
      return Problems.problem(refusal, Problems.status(refusal), request.id());
    }
    Endpoint endpoint = endpoint(request);
    if (endpoint == null) {
      var nobody = new HttpException.NoSuchPath("Nothing is served under this path.");
      return Problems.problem(nobody, Problems.status(nobody), request.id());
    }
    try {
      return endpoint.peek(request);
    } catch (RuntimeException e) {
      return failure(request, e);
    }
  }

  private @Nullable Endpoint endpoint(VertxRequest request) {
    Endpoint named = endpoints.get(request.firstSegment());
    return named == null ? rest : named;
  }

  private static boolean needsThread(Reply reply) {
    return switch (reply) {
      case Reply.Bytes _, Reply.Head _, Reply.FileSlice _ -> false;
      case Reply.Growing _, Reply.Stream _ -> true;
    };
  }

  /** The root of a request's own thread. */
  private void onThread(VertxRequest request, @Nullable Reply peeked) {
    try {
      deliver(request, peeked == null ? answer(request) : peeked);
    } catch (ClientGone e) {
      log.debug("The client left.", e);
      request.connection().cut();
    } catch (Throwable e) {
      log.atError()
          .setCause(e)
          .addKeyValue("request", request.id())
          .log("A request's thread died.");
      request.connection().cut();
    }
  }

  private Reply answer(VertxRequest request) {
    try {
      Endpoint endpoint = endpoint(request);
      if (endpoint == null) {
        throw new HttpException.NoSuchPath("Nothing is served under this path.");
      }
      return endpoint.answer(request);
    } catch (ClientGone e) {
      throw e;
    } catch (RuntimeException e) {
      return failure(request, e);
    }
  }

  private void deliver(VertxRequest request, Reply reply) {
    switch (reply) {
      case Reply.Growing growing -> deliverGrowing(request, growing);
      case Reply.Stream stream -> deliverStream(request, stream);
      case Reply.Bytes _, Reply.Head _, Reply.FileSlice _ ->
          request.connection().onLoop(() -> sender.send(request, reply));
    }
  }

  private void deliverGrowing(VertxRequest request, Reply.Growing growing) {
    GrowingDelivery delivery = new GrowingDelivery(request, growing, sender, requestThreads);
    try {
      delivery.run();
    } catch (RuntimeException e) {
      brokeOff(request, e, delivery.headSent());
    }
  }

  private void deliverStream(VertxRequest request, Reply.Stream stream) {
    StreamDelivery delivery = new StreamDelivery(request, stream, sender);
    try {
      delivery.run();
    } catch (RuntimeException e) {
      brokeOff(request, e, delivery.headSent());
    }
  }

  /** Before the first byte a failure is an answer; later it can only be a broken connection. */
  private void brokeOff(VertxRequest request, RuntimeException e, boolean headSent) {
    if (!request.connection().isOpen()) {
      log.debug("The client left.", e);
      return;
    }
    Reply answer = failure(request, e);
    if (headSent || needsThread(answer)) {
      request.connection().cut();
    } else {
      deliver(request, answer);
    }
  }

  /** Logs what is ours to explain, once, and words it as the endpoint's protocol does. */
  private Reply failure(VertxRequest request, RuntimeException e) {
    LarderException known =
        e instanceof LarderException ours ? ours : new HttpException.Unexpected(request.id());
    int status = Problems.status(known);
    note(request, e, known, status);
    Endpoint endpoint = endpoint(request);
    try {
      return endpoint == null
          ? Problems.problem(known, status, request.id())
          : endpoint.failure(request, known, status);
    } catch (RuntimeException again) {
      log.atError()
          .setCause(again)
          .addKeyValue("request", request.id())
          .log("A failure could not be worded.");
      return Problems.problem(known, status, request.id());
    }
  }

  private static void note(
      VertxRequest request, RuntimeException e, LarderException known, int status) {
    var event =
        e == known ? (status >= 500 ? log.atWarn() : log.atDebug()) : log.atError().setCause(e);
    event
        .addKeyValue("request", request.id())
        .addKeyValue("method", request.method())
        .addKeyValue("path", request.printablePath())
        .addKeyValue("status", status)
        .addKeyValue("code", known.code())
        .log("{}", known.explanation());
  }

  /** After the doors are shut: waits for threads that are still at it, at most {@code limit}. */
  void close(Duration limit) {
    requestThreads.shutdown();
    try {
      if (!requestThreads.awaitTermination(limit.toMillis(), TimeUnit.MILLISECONDS)) {
        requestThreads.shutdownNow();
      }
    } catch (InterruptedException e) {
      requestThreads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
