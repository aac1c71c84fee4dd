package dev.larder.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.larder.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The smallest thing the story can be told with: whole files in a folder, fetched one by one. */
final class PlainStage implements DemoStage {
  enum Fault {
    NONE,
    FETCHES_AGAIN,
    DOES_NOT_REPAIR,
    LOADS_AGAIN
  }

  private final Path root;
  private final URI upstream;
  private final Fault fault;
  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NORMAL).build();
  private final Map<String, Digest> digests = new TreeMap<>();
  private @Nullable HttpServer server;
  private volatile int uses;

  PlainStage(Path root, URI upstream, Fault fault) {
    this.root = root;
    this.upstream = upstream;
    this.fault = fault;
  }

  @Override
  public Pulled pull(String repo, PullProgress progress) {
    try {
      JsonNode info = JsonMapper.shared().readTree(text(upstream + "/api/models/" + repo));
      long total = info.path("usedStorage").asLong();
      long done = 0;
      int files = 0;
      for (JsonNode sibling : info.path("siblings")) {
        String path = sibling.path("rfilename").asString();
        done += Files.size(bring(repo, path, fault == Fault.FETCHES_AGAIN));
        files++;
        progress.landed(done, total);
      }
      return new Pulled(root, files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Verified verifyAndRepair() {
    int damaged = 0;
    try {
      for (var entry : digests.entrySet()) {
        if (!DemoFile.digest(root.resolve(entry.getKey())).equals(entry.getValue())) {
          damaged++;
          if (fault != Fault.DOES_NOT_REPAIR) {
            bring(DemoRepo.ID.toString(), entry.getKey(), true);
          }
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Verified(digests.size(), damaged, fault == Fault.DOES_NOT_REPAIR ? 0 : damaged);
  }

  @Override
  public URI serve() {
    try {
      if (server == null) {
        server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/hf/", this::give);
        server.createContext("/v1/embeddings", this::embed);
        server.createContext("/api/cache/stats", this::stats);
        server.start();
      }
      return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/hf");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    if (server != null) {
      server.stop(0);
    }
    client.close();
  }

  private void give(HttpExchange exchange) throws IOException {
    String[] parts = exchange.getRequestURI().getPath().substring("/hf/".length()).split("/", 5);
    Path file = bring(parts[0] + "/" + parts[1], parts[4], false);
    exchange.sendResponseHeaders(200, Files.size(file));
    Files.copy(file, exchange.getResponseBody());
    exchange.close();
  }

  /** Which longer words occur: texts that share some have vectors that are alike. */
  private void embed(HttpExchange exchange) throws IOException {
    uses = uses + 1; // One client, one request at a time.
    List<Object> data = new ArrayList<>();
    for (JsonNode text : JsonMapper.shared().readTree(exchange.getRequestBody()).path("input")) {
      float[] words = new float[1000];
      for (String word : text.asString().split("\\W+")) {
        words[Math.floorMod(word.hashCode(), words.length)] += word.length() > 4 ? 1 : 0;
      }
      data.add(Map.of("embedding", words));
    }
    answer(exchange, Map.of("data", data));
  }

  private void stats(HttpExchange exchange) throws IOException {
    String created = fault == Fault.LOADS_AGAIN ? "load " + uses : "load 1";
    Map<String, Object> entry = Map.of("access_count", uses, "created_at", created);
    answer(exchange, Map.of("total_entries", 1, "entries", Map.of("model", entry)));
  }

  private static void answer(HttpExchange exchange, Object json) throws IOException {
    byte[] body = JsonMapper.shared().writeValueAsBytes(json);
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private synchronized Path bring(String repo, String path, boolean again) throws IOException {
    Path target = root.resolve(path);
    if (Files.exists(target) && !again) {
      return target;
    }
    Files.createDirectories(target.getParent());
    try (InputStream body = open(upstream + "/" + repo + "/resolve/main/" + path)) {
      Files.deleteIfExists(target);
      Files.copy(body, target);
    }
    digests.putIfAbsent(path, DemoFile.digest(target));
    return target;
  }

  private String text(String address) throws IOException {
    try (InputStream body = open(address)) {
      return new String(body.readAllBytes());
    }
  }

  private InputStream open(String address) throws IOException {
    try {
      return client
          .send(HttpRequest.newBuilder(URI.create(address)).build(), BodyHandlers.ofInputStream())
          .body();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
