package dev.larder.serve.api;

import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.content.LarderException;
import dev.larder.http.Endpoint;
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
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyRequest;
import dev.larder.upkeep.VerifyTarget;
import dev.larder.upstream.Credential;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * {@code /api/store}: what the commands of this machine ask of the server that owns the store. All
 * of it needs the secret of {@code LOCK}. Everything else under {@code /api} goes to {@code
 * others}.
 */
public final class StoreEndpoint implements Endpoint {
  private static final int BODY_LIMIT = 1 << 20;
  private static final List<Header> JSON =
      List.of(
          Header.of("Content-Type", "application/json"), Header.of("Cache-Control", "no-store"));
  private static final List<Header> LINES =
      List.of(
          Header.of("Content-Type", "application/x-ndjson"),
          Header.of("Cache-Control", "no-store"));

  private final StoreService service;
  private final byte[] secret;
  private final Endpoint others;

  public StoreEndpoint(StoreService service, String secret, Endpoint others) {
    this.service = service;
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
    this.others = others;
  }

  @Override
  public String prefix() {
    return "api";
  }

  @Override
  public @Nullable Reply peek(Request request) {
    return aboutStore(request) ? null : others.peek(request);
  }

  private static boolean aboutStore(Request request) {
    return request.rawPath().startsWith("/api/store/");
  }

  @Override
  public Reply answer(Request request) {
    if (!aboutStore(request)) {
      return others.answer(request);
    }
    return switch (request.method() + " " + request.rawPath()) {
      case "GET /api/store/repos" -> {
        // Names of restricted repos are for nobody else than the user who runs the server.
        allowed(request);
        yield json(service.list());
      }
      case "GET /api/store/stats" -> json(service.stats(since(allowed(request).rawQuery())));
      case "POST /api/store/pull" -> pull(allowed(request));
      case "POST /api/store/verify" -> verify(allowed(request));
      default ->
          throw new HttpException.NoSuchPath("The API has no such path, or not for this method.");
    };
  }

  private static Reply json(Object value) {
    return new Reply.Bytes(200, JSON, StoreJson.MAPPER.writeValueAsBytes(value));
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
    String given = request.header(StoreMessages.SECRET_HEADER);
    boolean right =
        given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), secret);
    if (!right) {
      throw new HttpException.NotAllowed(
          "The store's API needs the secret that LOCK holds; run the command as the user who runs the server.");
    }
    return request;
  }

  private Reply pull(Request request) {
    Credential credential = credential(request);
    StoreMessages.Pull call = read(request, StoreMessages.Pull.class);
    FileSelection selection = new FileSelection(call.files(), call.include(), call.exclude());
    PullRequest pull = new PullRequest(call.repo(), call.revision(), selection, call.dryRun());
    Caller caller = new Caller(credential, call.offline());
    return lines(
        emit -> emit.accept(Event.pulled(service.pull(pull, caller, new PullEvents(emit)))));
  }

  private Reply verify(Request request) {
    Credential credential = credential(request);
    StoreMessages.Verify call = read(request, StoreMessages.Verify.class);
    VerifyRequest verify =
        new VerifyRequest(call.targets().stream().map(VerifyTarget::read).toList(), call.repair());
    Caller caller = new Caller(credential, call.offline());
    return lines(
        emit ->
            emit.accept(Event.verified(service.verify(verify, caller, new VerifyEvents(emit)))));
  }

  private static <T> T read(Request request, Class<T> type) {
    try {
      return StoreJson.MAPPER.readValue(request.body(BODY_LIMIT), type);
    } catch (JacksonException e) {
      throw new HttpException.BadRequest(
          "The request's body is not the JSON that was expected: " + e.getOriginalMessage());
    }
  }

  private static Credential credential(Request request) {
    String token = request.header(StoreMessages.TOKEN_HEADER);
    try {
      return token == null ? Credential.ANONYMOUS : new Credential.Token(token);
    } catch (IllegalArgumentException e) {
      throw new HttpException.BadRequest("The token for the upstream is none: " + e.getMessage());
    }
  }

  /** Events as they come; the last one is the result or the failure. */
  private static Reply lines(Consumer<Consumer<Event>> work) {
    return new Reply.Stream(
        200,
        LINES,
        sink -> {
          Consumer<Event> emit =
              event -> {
                byte[] line =
                    (StoreJson.MAPPER.writeValueAsString(event) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
                synchronized (sink) {
                  sink.write(line, 0, line.length);
                }
              };
          try {
            work.accept(emit);
          } catch (LarderException e) {
            emit.accept(Event.failed(e.code(), e.explanation()));
          }
        });
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
