package dev.larder.http;

import dev.larder.content.LarderException;
import dev.larder.content.LogRation;
import dev.larder.http.RequestsInFlight.Seat;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
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
  private final RequestsInFlight inFlight;
  private final Memory memory;
  private final LogRation ration = new LogRation(System::nanoTime);
  private final RefusalLog refusals;
  private final ExecutorService requestThreads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("request-", 0).factory());

  Answering(DoorSettings settings, List<Endpoint> endpoints, HttpDate date, RefusalLog refusals) {
    this.settings = settings;
    this.refusals = refusals;
    this.endpoints =
        endpoints.stream()
            .collect(Collectors.toUnmodifiableMap(Endpoint::prefix, Function.identity()));
    rest = this.endpoints.get("");
    hosts = new Hosts(settings.hosts(), settings.publicUrl());
    sender = new Sender(date, requestThreads);
    inFlight = new RequestsInFlight(settings.maxRequests());
    memory = new Memory(settings.memoryBytes());
  }

  /** How many requests wait for memory. */
  int waitingForMemory() {
    return memory.waiting();
  }

  /** On the event loop. */
  void request(HttpServerRequest raw) {
    Connection connection = Connection.of(((ConnectionBase) raw.connection()).channel());
    connection.begin();
    VertxRequest request = new VertxRequest(raw, connection, settings, memory);
    if (request.hasBody()) {
      raw.pause();
    }
    Reply reply = connection.isGuest() && !isVital(request) ? full(request) : atOnce(request);
    if (reply != null && !needsThread(reply)) {
      sender.send(request, reply);
    } else {
      handOver(request, reply);
    }
  }

  private void handOver(VertxRequest request, @Nullable Reply reply) {
    // With a reply it joins what runs already, and holds what only a thread may close.
    Seat seat = reply != null ? inFlight.enterAnyway() : inFlight.enter(isVital(request));
    if (seat == null) {
      sender.send(request, full(request));
      return;
    }
    request.connection().take(seat);
    requestThreads.execute(() -> onThread(request, reply, seat));
  }

  private boolean isVital(VertxRequest request) {
    Endpoint endpoint = endpoint(request);
    return endpoint != null && endpoint.vital();
  }

  /** Words it as the endpoint does; the log has one line for many. */
  private Reply full(VertxRequest request) {
    HttpException.Overloaded full = inFlight.overloaded();
    return worded(request, full, Problems.status(full));
  }

  private @Nullable Reply atOnce(VertxRequest request) {
    HttpException refusal = request.refusal(hosts);
    if (refusal != null) {
      refusals.refused(request, refusal);
      return worded(request, refusal, Problems.status(refusal));
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
  private void onThread(VertxRequest request, @Nullable Reply peeked, Seat seat) {
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
    } finally {
      seat.leave();
      request.answered();
    }
  }

  private Reply answer(VertxRequest request) {
    return answer(
        request,
        () -> {
          Endpoint endpoint = endpoint(request);
          if (endpoint == null) {
            throw new HttpException.NoSuchPath("Nothing is served under this path.");
          }
          return endpoint.answer(request);
        });
  }

  private Reply answer(VertxRequest request, Supplier<Reply> reply) {
    try {
      return reply.get();
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
      Supplier<Reply> another =
          delivery.headSent() || !request.connection().isOpen() ? null : growing.body().instead(e);
      if (another == null) {
        brokeOff(request, e, delivery.headSent());
      } else {
        deliver(request, answer(request, another));
      }
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
    refusals.refused(request, known);
    return worded(request, known, status);
  }

  private Reply worded(VertxRequest request, LarderException known, int status) {
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

  /** What many clients meet at one time is said once; each of them is at debug. */
  private void note(VertxRequest request, RuntimeException e, LarderException known, int status) {
    OptionalLong leftOut =
        e == known && status >= 500
            ? ration.line(endpointName(request) + " " + known.code())
            : OptionalLong.of(0);
    boolean warns = status >= 500 && leftOut.isPresent();
    var event = e == known ? (warns ? log.atWarn() : log.atDebug()) : log.atError().setCause(e);
    event =
        event
            .addKeyValue("request", request.id())
            .addKeyValue("method", request.method())
            .addKeyValue("path", request.printablePath())
            .addKeyValue("status", status)
            .addKeyValue("code", known.code());
    if (leftOut.orElse(0) > 0) {
      event = event.addKeyValue("left_out", leftOut.getAsLong());
    }
    event.log("{}", known.explanation());
  }

  private String endpointName(VertxRequest request) {
    Endpoint endpoint = endpoint(request);
    return endpoint == null ? "" : endpoint.prefix();
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
