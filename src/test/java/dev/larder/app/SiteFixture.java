package dev.larder.app;

import dev.larder.content.Commit;
import dev.larder.mirror.MirrorSettings;
import dev.larder.settings.Setting;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import dev.larder.store.StoreLock;
import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import dev.larder.transfer.TransferSettings;
import dev.larder.upstream.WireSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** A whole server over a directory, with a hub that misbehaves on demand and clients over HTTP. */
abstract class SiteFixture {
  static final String FOLDER = "models--o--r";
  static final String MODEL = "/hf/o/r/resolve/main/model.bin";

  /** As in production, with short pauses. What is slow because the machine is, is waited for. */
  static final Tuning QUICK =
      new Tuning(
          new TransferSettings(
              8, 64, Duration.ofSeconds(10), Duration.ofMillis(20), Duration.ofMillis(500)),
          WireSettings.DEFAULT
              .withStallTimeout(Duration.ofSeconds(6))
              .withRetryPause(Duration.ofMillis(20)),
          MirrorSettings.PATIENCE);

  /** For those who see to it that the hub falls silent. */
  static final Tuning IMPATIENT =
      new Tuning(
          QUICK.transfer().withPatience(Duration.ofSeconds(4)),
          QUICK.wire().withStallTimeout(Duration.ofMillis(700)),
          MirrorSettings.PATIENCE);

  Tuning tuning = QUICK;
  @TempDir Path root;
  FakeHub hub;
  FakeRepo repo;
  final TestClock clock = new TestClock();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private @Nullable StoreLock lock;
  private @Nullable Server server;

  @BeforeEach
  void startHub() {
    hub = FakeHub.start();
    repo = hub.model("o/r");
  }

  @AfterEach
  void stopAll() {
    hub.clearFaults();
    stop();
    hub.close();
    client.shutdownNow(); // An answer that a failed test left half read would be waited for.
    client.close();
  }

  Settings settings(String... more) {
    Map<Setting, String> flags = new EnumMap<>(Setting.class);
    flags.put(Setting.HOME, root.toString());
    flags.put(Setting.PORT, "0");
    flags.put(Setting.HUB_UPSTREAM, hub.uri().toString());
    flags.put(Setting.ALLOW_PRIVATE, "127.0.0.0/8");
    flags.put(Setting.MIN_FREE, "1MB");
    for (int i = 0; i + 1 < more.length; i += 2) {
      flags.put(Setting.valueOf(more[i]), more[i + 1]);
    }
    return Settings.load(SettingSources.flagsOnly(root, flags));
  }

  void start(String... more) {
    StoreLock.Attempt attempt = StoreLock.attempt(root.resolve("larder"));
    if (!(attempt instanceof StoreLock.Attempt.Mine(StoreLock mine))) {
      throw new IllegalStateException("the directory is in use: " + attempt);
    }
    lock = mine;
    server = Server.start(settings(more), mine, clock, tuning);
  }

  /** Ends the server: what was in the air has been put away when this returns. */
  OnDisk stop() {
    if (server != null) {
      server.close();
      server = null;
    }
    if (lock != null) {
      lock.close();
      lock = null;
    }
    return new OnDisk(root);
  }

  OnDisk restart(String... more) {
    OnDisk disk = stop();
    start(more);
    return disk;
  }

  Server server() {
    if (server == null) {
      start();
    }
    return java.util.Objects.requireNonNull(server);
  }

  /** {@code headers} are names and values in turn. */
  Got get(String path, String... headers) {
    return ask("GET", path, headers);
  }

  Got head(String path, String... headers) {
    return ask("HEAD", path, headers);
  }

  /** {@code json} as hf.js sends a question with a body. */
  Got post(String path, String json) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server().address() + path))
            .POST(BodyPublishers.ofString(json))
            .header("Content-Type", "application/json")
            .timeout(Duration.ofSeconds(40))
            .build();
    return read(send(request));
  }

  CompletableFuture<Got> getting(String path, String... headers) {
    CompletableFuture<Got> got = new CompletableFuture<>();
    server();
    Thread.startVirtualThread(
        () -> {
          try {
            got.complete(get(path, headers));
          } catch (RuntimeException e) {
            got.completeExceptionally(e);
          }
        });
    return got;
  }

  private Got ask(String method, String path, String... headers) {
    HttpResponse<InputStream> response = open(method, path, headers);
    return read(response);
  }

  /** Returns when the head is here; the body comes as it is read. */
  HttpResponse<InputStream> open(String method, String path, String... headers) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(server().address() + path))
            .method(method, BodyPublishers.noBody())
            .timeout(Duration.ofSeconds(40));
    for (int i = 0; i + 1 < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return send(request.build());
  }

  HttpResponse<InputStream> send(HttpRequest request) {
    try {
      return client.send(request, BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  static Got read(HttpResponse<InputStream> response) {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    long first = 0;
    boolean complete = true;
    byte[] piece = new byte[64 << 10];
    try (InputStream in = response.body()) {
      for (int count; (count = in.read(piece)) >= 0; ) {
        first = first == 0 ? System.nanoTime() : first;
        body.write(piece, 0, count);
      }
    } catch (IOException _) {
      complete = false;
    }
    return new Got(response.statusCode(), response.headers(), body.toByteArray(), complete, first);
  }

  static String resolve(Commit commit, String path) {
    return "/hf/o/r/resolve/" + commit.hex() + "/" + path;
  }
}
