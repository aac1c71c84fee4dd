package dev.larder.http;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.EpollSocketChannelConfig;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.net.impl.ConnectionBase;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The part of the {@link Door} that lives on one event loop, with the connections of that loop. */
final class EventLoopDoor extends VerticleBase {
  private static final Duration LONGEST_TICK = Duration.ofSeconds(1);
  private static final int TICKS_PER_LIMIT = 10;
  private static final int SWEPT_AT_ONCE = 50;
  private static final long SWEEP_PAUSE_MICROS = 1000;

  /**
   * Connections that wait to be accepted; the system cuts it at {@code net.core.somaxconn}. While
   * so many wait, Linux drops a client's SYN, or the last ACK of its handshake: the client's system
   * sends again after a second and then ever later, so the client waits. It sees a reset only where
   * {@code net.ipv4.tcp_abort_on_overflow} is 1; the default is 0.
   */
  private static final int ACCEPT_BACKLOG = 4096;

  /** What is not sent yet, beside what is on its way: a fast client is none the slower with it. */
  private static final int UNSENT_BYTES = 64 << 10;

  private final DoorSettings settings;
  private final int port;
  private final OpenConnections count;
  private final HttpDate date;
  private final Answering answering;
  private final RefusalLog refusals;
  private final Set<Connection> connections = new HashSet<>();
  private final byte[] scratch = new byte[RequestFraming.SCRATCH_BYTES];
  private @Nullable HttpServer server;

  EventLoopDoor(
      DoorSettings settings,
      int port,
      OpenConnections count,
      HttpDate date,
      Answering answering,
      RefusalLog refusals) {
    this.settings = settings;
    this.port = port;
    this.count = count;
    this.date = date;
    this.answering = answering;
    this.refusals = refusals;
  }

  /** Limits, counted in ticks. */
  record Ticks(int head, int idle) {}

  @Override
  public Future<?> start() {
    Duration tick = tick();
    Ticks limits = new Ticks(TICKS_PER_LIMIT, (int) settings.limits().idle().dividedBy(tick));
    loop()
        .scheduleAtFixedRate(
            () -> sweep(List.copyOf(connections).iterator(), limits),
            tick.toNanos(),
            tick.toNanos(),
            TimeUnit.NANOSECONDS);
    HttpServer listening =
        vertx
            .createHttpServer(options())
            .connectionHandler(this::arrived)
            .invalidRequestHandler(this::malformed)
            .requestHandler(answering::request);
    server = listening;
    return listening.listen(port, settings.host());
  }

  private Duration tick() {
    Duration tenth = settings.limits().head().dividedBy(TICKS_PER_LIMIT);
    return tenth.compareTo(LONGEST_TICK) < 0 ? tenth : LONGEST_TICK;
  }

  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setHttp2ClearTextEnabled(false)
        // A little more than RequestFraming allows, so that one of the two decides.
        .setMaxInitialLineLength(RequestFraming.LONGEST_LINE + 64)
        .setMaxHeaderSize(RequestFraming.LONGEST_HEAD + 64)
        .setMaxChunkSize(8192)
        .setDecoderInitialBufferSize(1024)
        .setHandle100ContinueAutomatically(false) // Said once the body is wanted.
        .setTcpNoDelay(true)
        .setAcceptBacklog(ACCEPT_BACKLOG)
        .setReuseAddress(true);
  }

  int port() {
    return server == null ? port : server.actualPort();
  }

  String date() {
    return date.now().toString();
  }

  private void arrived(HttpConnection connection) {
    Channel channel = ((ConnectionBase) connection).channel();
    OpenConnections.Place place = count.enter();
    if (place == OpenConnections.Place.NONE) {
      channel.close();
      return;
    }
    boundUnsent(channel);
    connections.add(new Connection(this, channel, place == OpenConnections.Place.GUEST));
  }

  /**
   * Else the system takes up to 4 MiB in advance of each client that does not read, and once all
   * together hold what it has for TCP, it drops packets of everybody. Only Linux has it.
   */
  private static void boundUnsent(Channel channel) {
    if (channel.config() instanceof EpollSocketChannelConfig config) {
      config.setTcpNotSentLowAt(UNSENT_BYTES);
    }
  }

  OpenConnections count() {
    return count;
  }

  RefusalLog refusals() {
    return refusals;
  }

  /** For {@link RequestFraming}, whatever the connection. */
  byte[] scratch() {
    return scratch;
  }

  void forget(Connection connection) {
    if (connections.remove(connection)) {
      count.leave();
    }
  }

  /**
   * A few at a time, and what came meanwhile in between: when thousands are let go at once, nobody
   * else is to wait for it.
   */
  private void sweep(Iterator<Connection> rest, Ticks limits) {
    for (int i = 0; i < SWEPT_AT_ONCE && rest.hasNext(); i++) {
      Connection connection = rest.next();
      if (connections.contains(connection)) {
        connection.tick(limits);
      }
    }
    if (rest.hasNext()) {
      loop().schedule(() -> sweep(rest, limits), SWEEP_PAUSE_MICROS, TimeUnit.MICROSECONDS);
    }
  }

  private EventLoop loop() {
    return ((ContextInternal) context).nettyEventLoop();
  }

  private void malformed(HttpServerRequest request) {
    Connection connection = Connection.of(((ConnectionBase) request.connection()).channel());
    Throwable cause = request.decoderResult().cause();
    switch (cause) {
      case TooLongHttpLineException _ ->
          connection.refuse(414, "The request's first line is longer than 8 KiB.");
      case TooLongHttpHeaderException _ ->
          connection.refuse(431, "The request's headers are longer than 16 KiB.");
      case null, default -> connection.refuse(400, "The request is not valid HTTP/1.1.");
    }
  }

  /** Stops accepting, lets running answers end for {@code grace}, then cuts them. */
  Future<Void> shutdown(Duration grace) {
    return server == null ? Future.succeededFuture() : server.shutdown(grace);
  }
}
