package dev.larder.http;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The HTTP/1.1 server. Give it endpoints, {@link #start} it, {@link #close} it; each once.
 *
 * <p>{@link #close} stops accepting, lets running answers end for a few seconds and then cuts them;
 * with nothing running it is quick. Both may be called from any thread but an event loop.
 */
public final class Door implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Door.class);
  private static final Duration LAST_WORDS = Duration.ofMillis(500);

  private final DoorSettings settings;
  private final OpenConnections connections;
  private final HttpDate date;
  private final Answering answering;
  private final RefusalLog refusals = new RefusalLog();
  private final List<EventLoopDoor> loops = new CopyOnWriteArrayList<>();
  private @Nullable Vertx vertx;

  public Door(DoorSettings settings, List<Endpoint> endpoints, InstantSource clock) {
    this.settings = settings;
    connections = new OpenConnections(settings.maxConnections());
    date = new HttpDate(clock);
    answering = new Answering(settings, endpoints, date, refusals);
  }

  /**
   * Listens. Returns where. Throws {@link HttpException.PortInUse}, {@link
   * HttpException.CannotListen} or {@link HttpException.TooFewDescriptors}.
   */
  public synchronized InetSocketAddress start() {
    FileDescriptors.require(FileDescriptors.limit());
    Vertx engine = Vertx.vertx(options());
    vertx = engine;
    if (!engine.isNativeTransportEnabled()) {
      log.atInfo()
          .setCause(engine.unavailableNativeTransportCause())
          .log("Native epoll is not available here; the slower portable transport is used.");
    }
    try {
      await(
          engine.deployVerticle(
              this::loop, new DeploymentOptions().setInstances(settings.eventLoops())));
    } catch (RuntimeException e) {
      close();
      throw refused(e);
    }
    return new InetSocketAddress(settings.host(), loops.getFirst().port());
  }

  private EventLoopDoor loop() {
    // A negative port is any free one that all loops share.
    int port = settings.port() == 0 ? -1 : settings.port();
    EventLoopDoor loop = new EventLoopDoor(settings, port, connections, date, answering, refusals);
    loops.add(loop);
    return loop;
  }

  private VertxOptions options() {
    return new VertxOptions()
        .setPreferNativeTransport(true)
        .setEventLoopPoolSize(settings.eventLoops())
        .setWorkerPoolSize(1)
        .setInternalBlockingPoolSize(1)
        .setDisableTCCL(true)
        .setFileSystemOptions(
            new FileSystemOptions()
                .setFileCachingEnabled(false)
                .setClassPathResolvingEnabled(false));
  }

  private HttpException.Start refused(RuntimeException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return String.valueOf(cause.getMessage()).contains("already in use")
        ? new HttpException.PortInUse(settings.host(), settings.port(), cause)
        : new HttpException.CannotListen(settings.host(), settings.port(), cause);
  }

  /** How many clients are connected. */
  public int openConnections() {
    return connections.now();
  }

  /** How many clients have sent a part of a large head. */
  int largeHeads() {
    return connections.largeHeads();
  }

  /** How many requests wait for memory. */
  int waitingForMemory() {
    return answering.waitingForMemory();
  }

  @Override
  public synchronized void close() {
    Vertx engine = vertx;
    if (engine == null) {
      return;
    }
    vertx = null;
    var grace = settings.limits().close();
    await(Future.join(loops.stream().map(loop -> loop.shutdown(grace)).toList()));
    // Whoever still works has nobody left to answer.
    answering.close(LAST_WORDS);
    await(engine.close());
  }

  private static void await(Future<?> future) {
    future.toCompletionStage().toCompletableFuture().join();
  }
}
