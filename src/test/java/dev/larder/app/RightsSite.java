package dev.larder.app;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens;
import dev.larder.content.Commit;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeRepo;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The callers, repos and routes of {@code rights.txt}, with a server that knows them. */
abstract class RightsSite extends SiteFixture {
  static final String READER = "hf_reader_of_the_hub";
  static final String SITE = "hf_site_of_the_hub";
  static final String OWNER = "hf_owner_of_the_hub";
  static final String ADMIN = "admin-token-of-this-larder";

  /** No other answer has these words by chance. */
  static final String CONFIG = "{\"hidden_words\":\"qwertzuiop-of-the-config\"}";

  static final List<String> REPOS = List.of("public", "gated", "private", "hidden", "disabled");
  static final List<String> STATES =
      List.of("cold", "warm", "flight", "stale", "away", "gone", "dark");
  static final int FLIGHT_BYTES = 20_000_000;
  static final int BYTES = 100_003;

  final Map<String, Optional<String>> callers = new LinkedHashMap<>();
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** How a caller asks for something of a repo. */
  record Route(String method, String path, Map<String, String> headers, String body) {
    static Route get(String path) {
      return new Route("GET", path, Map.of(), "");
    }

    Route with(String name, String value) {
      return new Route(method, path, Map.of(name, value), body);
    }

    String in(String repo, Commit commit) {
      return path.replace("{r}", repo).replace("{c}", commit.hex());
    }
  }

  private static final String FILE = "/hf/{r}/resolve/main/model.bin";
  private static final String API = "/hf/api/models/{r}";
  static final Map<String, Route> ROUTES = routes();

  private static Map<String, Route> routes() {
    Map<String, Route> routes = new LinkedHashMap<>();
    routes.put("file", Route.get(FILE));
    routes.put("head", new Route("HEAD", FILE, Map.of(), ""));
    routes.put("range", Route.get(FILE).with("Range", "bytes=0-9"));
    routes.put("same", Route.get(FILE).with("If-None-Match", "*"));
    routes.put("missing", Route.get("/hf/{r}/resolve/main/none.txt"));
    routes.put("pinned", Route.get("/hf/{r}/resolve/{c}/config.json"));
    routes.put("cached", Route.get("/hf/api/resolve-cache/models/{r}/{c}/config.json"));
    routes.put("raw", Route.get("/hf/{r}/raw/main/config.json"));
    routes.put("allowed", Route.get(API + "/auth-check"));
    routes.put("info", Route.get(API));
    routes.put("revision", Route.get(API + "/revision/main?blobs=true"));
    routes.put("tree", Route.get(API + "/tree/main?recursive=true&expand=false"));
    routes.put("treepin", Route.get(API + "/tree/{c}"));
    routes.put("refs", Route.get(API + "/refs"));
    routes.put(
        "paths",
        new Route(
            "POST",
            API + "/paths-info/main",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            "paths=model.bin&paths=config.json&expand=false"));
    routes.put("commits", Route.get(API + "/commits/main"));
    return routes;
  }

  void open() {
    for (String token : List.of(READER, SITE, OWNER, "hf_other_of_the_hub")) {
      hub.token(token, token.substring(3, 8));
    }
    start("UPSTREAM_TOKEN", SITE, "ADMIN_TOKEN", ADMIN);
    Tokens tokens = server().house().access().tokens();
    tokens.change(new Tokens.GrantChange("team", List.of(RepoPattern.parse("o/*")), List.of()));
    callers.put("nobody", Optional.empty());
    callers.put("stray", Optional.of("hf_nobody_knows_this_one"));
    callers.put("reader", Optional.of(READER));
    callers.put("other", Optional.of("hf_other_of_the_hub"));
    callers.put("admin", Optional.of(ADMIN));
    callers.put("granted", Optional.of(token(tokens, "granted", Set.of("team"))));
    callers.put("ungranted", Optional.of(token(tokens, "ungranted", Set.of("else"))));
    callers.put("revoked", Optional.of(token(tokens, "revoked", Set.of("team"))));
    tokens.revoke("revoked");
  }

  private static String token(Tokens tokens, String name, Set<String> groups) {
    return tokens.create(new Tokens.Wish(name, groups, Optional.empty())).token();
  }

  /** A repo of a kind with files that no other repo has. */
  Commit offer(String kind, String name) {
    FakeRepo made = hub.model(name);
    byte[] bytes = Bytes.of(name.hashCode(), BYTES);
    made.lfs("model.bin", bytes).file("config.json", CONFIG).file("sub/secret-name.txt", name);
    if (name.startsWith("o/flig")) {
      made.lfsGenerated("model.bin", FLIGHT_BYTES, name.hashCode());
    }
    Commit commit = made.commit("main");
    switch (kind) {
      case "public" -> made.open();
      case "gated" -> made.gatedTo(READER, SITE);
      case "private" -> made.privateTo(READER, SITE);
      case "hidden" -> made.privateTo(OWNER);
      case "disabled" -> made.disabled();
      default -> throw new IllegalArgumentException(kind);
    }
    return commit;
  }

  /** {@code most}: of a body that does not end, so much is read. */
  Got ask(String caller, Route route, String repo, Commit commit, int most) {
    URI address = URI.create(server().address() + route.in(repo, commit));
    BodyPublisher body =
        route.body().isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(route.body());
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .method(route.method(), body)
            .timeout(Duration.ofSeconds(40));
    route.headers().forEach(request::header);
    callers.get(caller).ifPresent(token -> request.header("Authorization", "Bearer " + token));
    try {
      HttpResponse<InputStream> response =
          client.send(request.build(), BodyHandlers.ofInputStream());
      try (InputStream in = response.body()) {
        byte[] read = in.readNBytes(most);
        return new Got(response.statusCode(), response.headers(), read, true, 0);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
