package dev.larder.serve.api;

import dev.larder.access.Access;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.content.LarderException;
import dev.larder.http.Endpoint;
import dev.larder.http.ForeignPages;
import dev.larder.http.Header;
import dev.larder.http.HttpException;
import dev.larder.http.Problems;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.Caller;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PulledFile;
import dev.larder.serve.api.StoreMessages.Event;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.VerifyTarget;
import dev.larder.upkeep.WhyRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * {@code /api/store}, {@code /api/tokens}, {@code /api/grants}: what commands ask of the server
 * that owns the store. All of it needs the secret of {@code LOCK} or the admin token. Everything
 * else under {@code /api} goes to {@code others}.
 */
public final class StoreEndpoint implements Endpoint {
  private static final int BODY_LIMIT = 1 << 20;
  private static final List<Header> JSON =
      List.of(
          Header.of("Content-Type", "application/json"), Header.of("Cache-Control", "no-store"));

  private final StoreService service;
  private final Access access;
  private final ApiGuard guard;
  private final Callers callers;
  private final Endpoint others;

  public StoreEndpoint(StoreService service, Access access, String secret, Endpoint others) {
    this.service = service;
    this.access = access;
    this.guard = new ApiGuard(access, secret);
    this.callers = new Callers(access);
    this.others = others;
  }

  @Override
  public String prefix() {
    return "api";
  }

  @Override
  public boolean vital() {
    return true;
  }

  @Override
  public @Nullable Reply peek(Request request) {
    return aboutStore(request) || !ForeignPages.isRead(request) ? null : others.peek(request);
  }

  private static boolean aboutStore(Request request) {
    return request.rawPath().startsWith("/api/store/") || TokenRoutes.isOne(request.rawPath());
  }

  @Override
  public Reply answer(Request request) {
    if (!aboutStore(request)) {
      guard.checkChange(request);
      return others.answer(request);
    }
    if (TokenRoutes.isOne(request.rawPath())) {
      return aboutTokens(allowed(request));
    }
    if (ArchiveRoutes.isOne(request.method(), request.rawPath())) {
      guard.requireUser(request);
      return aboutArchives(request);
    }
    if (RemovalRoutes.isOne(request.rawPath())) {
      return aboutRemoval(allowed(request));
    }
    if (BudgetRoutes.isOne(request.rawPath())) {
      return aboutBudget(allowed(request));
    }
    return switch (request.method() + " " + request.rawPath()) {
      case "GET /api/store/repos" -> {
        // Names of restricted repos are for nobody else than the user who runs the server.
        yield json(service.list(listRequest(allowed(request).rawQuery())));
      }
      case "GET /api/store/stats" -> json(service.stats(since(allowed(request).rawQuery())));
      case "GET /api/store/scrub" -> {
        allowed(request);
        yield json(StoreMessages.Scrubs.of(service.scrub()));
      }
      case "GET /api/store/why" -> json(service.why(whyRequest(allowed(request).rawQuery())));
      case "GET /api/store/settings" -> {
        allowed(request);
        yield json(service.settings());
      }
      case "POST /api/store/pull" -> pull(allowed(request));
      case "POST /api/store/verify" -> verify(allowed(request));
      default ->
          throw new HttpException.NoSuchPath("The API has no such path, or not for this method.");
    };
  }

  private Reply aboutTokens(Request request) {
    return json(
        new TokenRoutes(access.tokens())
            .answer(request.method(), request.rawPath(), body(request)));
  }

  private Reply aboutArchives(Request request) {
    Caller who = callers.of(request, Caller.ANONYMOUS);
    return new ArchiveRoutes(service)
        .answer(
            request.rawPath(),
            body(request),
            offline -> new Caller(who.principal(), who.credential(), offline));
  }

  private Reply aboutBudget(Request request) {
    return json(
        new BudgetRoutes(service.budget())
            .answer(request.method(), request.rawPath(), since(request.rawQuery()), body(request)));
  }

  private static TokenRoutes.Body body(Request request) {
    return new TokenRoutes.Body() {
      @Override
      public <T> T read(Class<T> type) {
        return StoreEndpoint.read(request, type);
      }
    };
  }

  private Reply aboutRemoval(Request request) {
    return json(
        new RemovalRoutes(service.removals())
            .answer(
                request.method(),
                request.rawPath(),
                new TokenRoutes.Body() {
                  @Override
                  public <T> T read(Class<T> type) {
                    return StoreEndpoint.read(request, type, RemovalRoutes.BODY_LIMIT);
                  }
                }));
  }

  private static Reply json(Object value) {
    return new Reply.Bytes(200, JSON, StoreJson.MAPPER.writeValueAsBytes(value));
  }

  private static WhyRequest whyRequest(String query) {
    String name = "target=";
    if (!query.startsWith(name)) {
      throw new InvalidName("query", query, "write it like target=org/name");
    }
    return WhyRequest.read(
        URLDecoder.decode(query.substring(name.length()), StandardCharsets.UTF_8));
  }

  /** Without a word about them, files belong to it. */
  private static ListRequest listRequest(String query) {
    List<String> words = List.of(query.split("&"));
    return new ListRequest(!words.contains("files=false"), words.contains("rescan=true"));
  }

  private static Optional<Instant> since(String query) {
    if (!query.startsWith("since=")) {
      return Optional.empty();
    }
    try {
      return Optional.of(Instant.parse(query.substring("since=".length())));
    } catch (DateTimeException e) {
      throw new InvalidName("time", query, "write it like 2026-01-31T00:00:00Z");
    }
  }

  private Request allowed(Request request) {
    guard.requireOwner(request);
    return request;
  }

  private Reply pull(Request request) {
    Caller who = callers.of(request, Caller.ANONYMOUS);
    StoreMessages.Pull call = read(request, StoreMessages.Pull.class);
    FileSelection selection = new FileSelection(call.files(), call.include(), call.exclude());
    PullRequest pull =
        new PullRequest(
            call.repo(),
            call.revision(),
            selection,
            call.dryRun(),
            Optional.ofNullable(call.location()));
    Caller caller = new Caller(who.principal(), who.credential(), call.offline());
    return lines(
        emit -> emit.accept(Event.pulled(service.pull(pull, caller, new PullEvents(emit)))));
  }

  private Reply verify(Request request) {
    Caller who = callers.of(request, Caller.ANONYMOUS);
    StoreMessages.Verify call = read(request, StoreMessages.Verify.class);
    VerifyRequest verify =
        new VerifyRequest(call.targets().stream().map(VerifyTarget::read).toList(), call.repair());
    Caller caller = new Caller(who.principal(), who.credential(), call.offline());
    return lines(
        emit ->
            emit.accept(Event.verified(service.verify(verify, caller, new VerifyEvents(emit)))));
  }

  private static <T> T read(Request request, Class<T> type) {
    return read(request, type, BODY_LIMIT);
  }

  private static <T> T read(Request request, Class<T> type, int limit) {
    try {
      return StoreJson.MAPPER.readValue(request.body(limit), type);
    } catch (JacksonException e) {
      throw new HttpException.BadRequest(
          "The request's body is not the JSON that was expected: " + e.getOriginalMessage());
    }
  }

  private static Reply lines(Consumer<Consumer<Event>> work) {
    return EventLines.reply(work, e -> Event.failed(e.code(), e.explanation()));
  }

  private record PullEvents(Consumer<Event> emit) implements PullListener {
    @Override
    public void planned(List<PulledFile> files) {
      emit.accept(Event.planned(files));
    }

    @Override
    public void progress(EntryPath path, long landedBytes, long totalBytes) {
      emit.accept(Event.progress(path, landedBytes, totalBytes));
    }

    @Override
    public void done(PulledFile file) {
      emit.accept(Event.done(file));
    }
  }

  private record VerifyEvents(Consumer<Event> emit) implements VerifyListener {
    @Override
    public void progress(String name, long checkedBytes, long totalBytes) {
      emit.accept(Event.checked(name, checkedBytes, totalBytes));
    }

    @Override
    public void found(Finding finding) {
      emit.accept(Event.found(finding));
    }
  }

  @Override
  public Reply failure(Request request, LarderException failure, int status) {
    return Problems.problem(failure, status, request.id());
  }
}
