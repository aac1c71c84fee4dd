package com.example.policy;

import com.example.policy.Refused.Problem;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** The service's paths. Each request has a virtual thread. */
final class Server implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Server.class.getName());
  private static final int MOST_BYTES = 10_000_000;
  private static final int MOST_DROPPED = 50_000_000;
  private static final int PATIENCE_SECONDS = 30;
  private static final String STATUS = "/api/status/";

  private final HttpServer server;
  private final Jobs jobs;
  private final SharedModels models;

  /** A file takes a multiple of its size while it is read. */
  private final Semaphore uploads = new Semaphore(2, true);

  Server(String host, int port, Jobs jobs, SharedModels models) throws IOException {
    this.jobs = jobs;
    this.models = models;
    InetSocketAddress address = new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw new IOException("No machine is called " + host + ".");
    }
    server = HttpServer.create(address, 128);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::handle);
  }

  void start() {
    server.start();
  }

  InetSocketAddress address() {
    return server.getAddress();
  }

  /** Requests under way have a second. */
  @Override
  public void close() {
    server.stop(1);
  }

  private record Answer(int status, Object body) {}

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      try {
        Answer answer = answer(exchange);
        send(exchange, answer.status(), "application/json", answer.body());
      } catch (Refused e) {
        send(exchange, e.status(), "application/problem+json", e.problem());
      } catch (RuntimeException | Error e) {
        LOG.log(System.Logger.Level.ERROR, exchange.getRequestURI() + " failed", e);
        send(
            exchange,
            500,
            "application/problem+json",
            new Problem(500, "failed", "The request failed; the service's log says why."));
      }
    }
  }

  private Answer answer(HttpExchange exchange) throws IOException, Refused {
    String path = exchange.getRequestURI().getPath();
    if (path.startsWith(STATUS)) {
      only(exchange, "GET");
      return new Answer(200, job(path.substring(STATUS.length())).view());
    }
    return switch (path) {
      case "/api/analyze" -> {
        only(exchange, "POST");
        yield new Answer(202, Map.of("job_id", jobs.submit(request(exchange)).id()));
      }
      case "/api/cache/stats" -> {
        only(exchange, "GET");
        Map<String, Object> entries = models.entries();
        yield new Answer(200, new Stats(entries.size(), entries));
      }
      case "/api/cache/clear" -> {
        only(exchange, "POST");
        yield new Answer(200, Map.of("cleared", models.clear()));
      }
      case "/api/health" -> {
        only(exchange, "GET");
        yield new Answer(200, Map.of("status", "ok"));
      }
      default -> throw new Refused(404, "path-unknown", "There is nothing at " + path + ".");
    };
  }

  private record Stats(int totalEntries, Map<String, Object> entries) {}

  private Job job(String id) throws Refused {
    return jobs.find(id)
        .orElseThrow(
            () ->
                new Refused(
                    404,
                    "job-unknown",
                    "There is no job " + id + ". Results are kept for an hour, of the last 100."));
  }

  private AnalysisRequest request(HttpExchange exchange) throws IOException, Refused {
    String type = exchange.getRequestHeaders().getFirst("Content-Type");
    String length = exchange.getRequestHeaders().getFirst("Content-Length");
    // The server has refused a length that is no number.
    if (length != null && Long.parseLong(length) > MOST_BYTES) {
      drop(exchange.getRequestBody());
      throw tooLarge();
    }
    takeTurn();
    try (InputStream in = exchange.getRequestBody()) {
      byte[] body = in.readNBytes(MOST_BYTES + 1);
      if (body.length > MOST_BYTES) {
        drop(in);
        throw tooLarge();
      }
      return AnalysisRequest.of(Form.parse(type == null ? "" : type, body));
    } finally {
      uploads.release();
    }
  }

  /** Who is cut while he sends does not see the answer; what comes is read, up to some length. */
  private static void drop(InputStream in) throws IOException {
    byte[] buffer = new byte[64 << 10];
    int left = MOST_DROPPED;
    for (int n = in.read(buffer); n >= 0 && left > 0; n = in.read(buffer)) {
      left -= n;
    }
  }

  private void takeTurn() throws Refused {
    try {
      if (uploads.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new Refused(503, "too-busy", "Others are sending files. Try again in a minute.");
  }

  private static Refused tooLarge() {
    return new Refused(413, "file-too-large", MOST_BYTES + " bytes are the most.");
  }

  private static void only(HttpExchange exchange, String method) throws Refused {
    if (!exchange.getRequestMethod().equals(method)) {
      exchange.getResponseHeaders().set("Allow", method);
      throw new Refused(405, "method-wrong", "This path takes " + method + " only.");
    }
  }

  private static void send(HttpExchange exchange, int status, String type, Object body)
      throws IOException {
    byte[] bytes = Json.bytes(body);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }
}
