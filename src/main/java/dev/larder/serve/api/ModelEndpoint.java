package dev.larder.serve.api;

import dev.larder.access.Access;
import dev.larder.content.LarderException;
import dev.larder.http.Endpoint;
import dev.larder.http.ForeignPages;
import dev.larder.http.Header;
import dev.larder.http.HttpException;
import dev.larder.http.Problems;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.LoadedModels;
import dev.larder.models.ModelName;
import dev.larder.models.Models;
import dev.larder.models.RegisteredModel;
import dev.larder.serve.api.ModelMessages.Described;
import dev.larder.serve.api.ModelMessages.Event;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * {@code /api/models} and {@code /api/cache}: the registry, and what is in memory. Who may change
 * something is judged before. Everything else under {@code /api} goes to {@code others}.
 */
public final class ModelEndpoint implements Endpoint {
  private static final int BODY_LIMIT = 64 << 10;
  private static final List<Header> JSON =
      List.of(
          Header.of("Content-Type", "application/json"), Header.of("Cache-Control", "no-store"));

  private final Models models;
  private final LoadedModels loaded;
  private final Callers callers;
  private final Caller site;
  private final Endpoint others;

  /** {@code site}: in whose name models are brought here for who sends no token for the hub. */
  public ModelEndpoint(
      Models models, LoadedModels loaded, Access access, Caller site, Endpoint others) {
    this.models = models;
    this.loaded = loaded;
    this.callers = new Callers(access);
    this.site = site;
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
    return ModelPath.mayBeOne(request.rawPath()) ? null : others.peek(request);
  }

  @Override
  public Reply answer(Request request) {
    if (!ModelPath.mayBeOne(request.rawPath())) {
      return others.answer(request);
    }
    ModelPath path =
        ModelPath.of(request)
            .orElseThrow(() -> new HttpException.NoSuchPath("The API has no such path."));
    if (!List.of(path.methods().split(", ")).contains(request.method())) {
      throw new HttpException.WrongMethod(request.method(), path.methods());
    }
    return switch (path) {
      case ModelPath.Stats _ -> json(MemoryStats.of(loaded.entries()));
      case ModelPath.Clear _ -> json(Map.of("cleared", loaded.clear()));
      case ModelPath.All _ ->
          ForeignPages.isRead(request)
              ? json(models.list().stream().map(Described::of).toList())
              : register(request);
      case ModelPath.One(ModelName name) ->
          json(Described.of(ForeignPages.isRead(request) ? models.get(name) : models.remove(name)));
      case ModelPath.Work(ModelName name, ModelPath.Kind kind) -> work(request, name, kind);
    };
  }

  private Reply register(Request request) {
    RegisteredModel made =
        models.register(read(request, ModelMessages.NewModel.class).registration());
    List<Header> headers = new ArrayList<>(JSON);
    headers.add(Header.of("Location", "/api/models/" + made.registration().name()));
    return new Reply.Bytes(201, headers, StoreJson.MAPPER.writeValueAsBytes(Described.of(made)));
  }

  private Reply work(Request request, ModelName name, ModelPath.Kind kind) {
    Caller caller = caller(request);
    if (kind != ModelPath.Kind.UNLOAD
        && EventLines.TYPE.equalsIgnoreCase(request.header("Accept"))) {
      RegisteredModel _ = models.get(name); // While it can still be a status.
      return EventLines.<Event>reply(
          emit -> emit.accept(Event.ready(followed(name, kind, caller, emit))),
          e -> Event.failed(e.code(), e.explanation()));
    }
    return json(Described.of(done(name, kind, caller, PullListener.NONE)));
  }

  private RegisteredModel followed(
      ModelName name, ModelPath.Kind kind, Caller caller, Consumer<Event> emit) {
    try (Following following = new Following(emit)) {
      return done(name, kind, caller, following);
    }
  }

  private RegisteredModel done(
      ModelName name, ModelPath.Kind kind, Caller caller, PullListener listener) {
    return switch (kind) {
      case PULL -> models.pull(name, caller, listener);
      case LOAD -> models.load(name, caller, listener);
      case UNLOAD -> models.unload(name);
    };
  }

  private Caller caller(Request request) {
    boolean offline = read(request, ModelMessages.Bring.class).offline();
    Caller who = callers.of(request, site);
    return new Caller(who.principal(), who.credential(), offline || who.offline());
  }

  /** A body that is left out is an empty object. */
  private static <T> T read(Request request, Class<T> type) {
    byte[] body = request.body(BODY_LIMIT);
    try {
      @Nullable T read =
          body.length == 0
              ? StoreJson.MAPPER.readValue("{}", type)
              : StoreJson.MAPPER.readValue(body, type);
      if (read != null) {
        return read;
      }
    } catch (JacksonException e) {
      throw new HttpException.BadRequest(
          "The request's body is not the JSON that was expected: " + e.getOriginalMessage());
    }
    throw new HttpException.BadRequest("The request's body is not a JSON object.");
  }

  private static Reply json(Object value) {
    return new Reply.Bytes(200, JSON, StoreJson.MAPPER.writeValueAsBytes(value));
  }

  @Override
  public Reply failure(Request request, LarderException failure, int status) {
    return Problems.problem(failure, status, request.id());
  }
}
