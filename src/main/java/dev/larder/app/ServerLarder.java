package dev.larder.app;

import dev.larder.access.Tokens;
import dev.larder.cli.Larder;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.models.Models;
import dev.larder.provision.Archives;
import dev.larder.serve.api.StoreJson;
import dev.larder.serve.api.StoreMessages;
import dev.larder.serve.api.StoreMessages.Event;
import dev.larder.store.StoreLock.Owner;
import dev.larder.upkeep.Budget;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.RepoListing;
import dev.larder.upkeep.StatsReport;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.WhyReport;
import dev.larder.upkeep.WhyRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * A larder whose store a running server owns: every wish goes there, with the caller's own token.
 */
final class ServerLarder implements Larder {
  private final Owner owner;
  private final Optional<String> token;
  private final boolean offline;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  ServerLarder(Owner owner, Optional<String> token, boolean offline) {
    this.owner = owner;
    this.token = token;
    this.offline = offline;
  }

  @Override
  public PullResult pull(PullRequest request, PullListener listener) {
    var selection = request.selection();
    var call =
        new StoreMessages.Pull(
            request.repo(),
            request.revision(),
            selection.files(),
            selection.include(),
            selection.exclude(),
            request.dryRun(),
            offline,
            request.location().orElse(null));
    return follow("/api/store/pull", call, event -> onPull(event, listener));
  }

  private static @Nullable PullResult onPull(Event event, PullListener listener) {
    if (event.planned() != null) {
      listener.planned(event.planned());
    }
    if (event.progress() != null) {
      var at = event.progress();
      listener.progress(at.path(), at.landedBytes(), at.totalBytes());
    }
    if (event.done() != null) {
      listener.done(event.done());
    }
    return event.pulled();
  }

  @Override
  public VerifyReport verify(VerifyRequest request, VerifyListener listener) {
    List<String> targets = request.targets().stream().map(Object::toString).toList();
    var call = new StoreMessages.Verify(targets, request.repair(), offline);
    return follow("/api/store/verify", call, event -> onVerify(event, listener));
  }

  private static @Nullable VerifyReport onVerify(Event event, VerifyListener listener) {
    if (event.checked() != null) {
      var at = event.checked();
      listener.progress(at.name(), at.checkedBytes(), at.totalBytes());
    }
    if (event.found() != null) {
      listener.found(event.found());
    }
    return event.verified();
  }

  /**
   * Sends {@code call} and gives every event to {@code handler} until one of them is the result.
   */
  private <T> T follow(String path, Object call, Function<Event, @Nullable T> handler) {
    return lines(
        path,
        call,
        line -> {
          Event event = StoreJson.MAPPER.readValue(line, Event.class);
          if (event.failure() != null) {
            throw new ServerSaid(event.failure().code(), event.failure().message());
          }
          return handler.apply(event);
        });
  }

  private <T> T lines(String path, Object call, Function<String, @Nullable T> handler) {
    HttpRequest request =
        request(path)
            .header("Accept", "application/x-ndjson")
            .POST(BodyPublishers.ofByteArray(StoreJson.MAPPER.writeValueAsBytes(call)))
            .build();
    HttpResponse<Stream<String>> response = send(request, BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      refuse(response.statusCode(), lines);
      for (Iterator<String> each = lines.iterator(); each.hasNext(); ) {
        T result = handler.apply(each.next());
        if (result != null) {
          return result;
        }
      }
    } catch (UncheckedIOException _) {
      // It was killed in the middle of a line: the same as one that ended without a result.
    }
    throw new ServerSaid(
        "interrupted",
        "The server " + owner + " stopped before it was done; what has landed is kept.");
  }

  private static void refuse(int status, Stream<String> lines) {
    if (status / 100 != 2) {
      var problem = StoreJson.MAPPER.readTree(String.join("\n", lines.toList()));
      throw new ServerSaid(
          problem.path("code").asString("unexpected"),
          problem.path("detail").asString("The server answered " + status + "."));
    }
  }

  @Override
  public List<RepoListing> list(ListRequest request) {
    String query = "?files=%s&rescan=%s".formatted(request.files(), request.rescan());
    return StoreJson.MAPPER.readValue(
        get("/api/store/repos" + query), new TypeReference<List<RepoListing>>() {});
  }

  @Override
  public StatsReport stats(Optional<Instant> since) {
    String query = since.map(time -> "?since=" + time).orElse("");
    return StoreJson.MAPPER.readValue(get("/api/store/stats" + query), StatsReport.class);
  }

  @Override
  public WhyReport why(WhyRequest request) {
    String target = URLEncoder.encode(request.toString(), StandardCharsets.UTF_8);
    return StoreJson.MAPPER.readValue(get("/api/store/why?target=" + target), WhyReport.class);
  }

  /** What the server goes by, whatever is set here; nothing when it is too old to say. */
  Map<String, String> settings() {
    try {
      return StoreJson.MAPPER.readValue(
          get("/api/store/settings"), new TypeReference<Map<String, String>>() {});
    } catch (ServerSaid e) {
      if (e.code().equals("no-such-path")) {
        return Map.of();
      }
      throw e;
    }
  }

  @Override
  public Archives archives() {
    return new ServerArchives(following(), offline);
  }

  private ServerArchives.Calls following() {
    return new ServerArchives.Calls() {
      @Override
      public <T> T follow(String path, Object call, Function<String, @Nullable T> handler) {
        return lines(path, call, handler);
      }
    };
  }

  @Override
  public Models models() {
    return new ServerModels(this::ask, following(), offline);
  }

  @Override
  public Removals removals() {
    return new ServerRemovals(this::ask);
  }

  @Override
  public Tokens tokens() {
    return new ServerTokens(this::ask);
  }

  @Override
  public Budget budget() {
    return new ServerBudget(this::ask);
  }

  private String get(String path) {
    return ask("GET", path, null);
  }

  private String ask(String method, String path, @Nullable Object body) {
    HttpRequest.BodyPublisher sent =
        body == null
            ? BodyPublishers.noBody()
            : BodyPublishers.ofByteArray(StoreJson.MAPPER.writeValueAsBytes(body));
    HttpResponse<String> response =
        send(request(path).method(method, sent).build(), BodyHandlers.ofString());
    refuse(response.statusCode(), response.body().lines());
    return response.body();
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create(owner.address() + path))
            .header("Content-Type", "application/json")
            .header(StoreMessages.SECRET_HEADER, owner.secret());
    token.ifPresent(secret -> request.header(StoreMessages.TOKEN_HEADER, secret));
    return request;
  }

  private <T> HttpResponse<T> send(HttpRequest request, HttpResponse.BodyHandler<T> handler) {
    try {
      return client.send(request, handler);
    } catch (IOException e) {
      throw new ServerSaid(
          "store-busy",
          "Tried to ask the server that owns the store (%s), but it does not answer: %s. Look at its log, or stop it."
              .formatted(owner, e.getMessage()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerSaid("interrupted", "Waiting for the server was interrupted.");
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
