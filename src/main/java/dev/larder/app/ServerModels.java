package dev.larder.app;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.ModelName;
import dev.larder.models.Models;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.serve.api.ModelMessages;
import dev.larder.serve.api.ModelMessages.Described;
import dev.larder.serve.api.ModelMessages.Event;
import dev.larder.serve.api.StoreJson;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/**
 * The registry of the server that owns the store. The caller's token travels with each request, so
 * what is given as caller here says nothing.
 */
record ServerModels(ServerTokens.Calls server, ServerArchives.Calls lines, boolean offline)
    implements Models {
  private static final String MODELS = "/api/models";

  @Override
  public List<RegisteredModel> list() {
    List<Described> all =
        StoreJson.MAPPER.readValue(server.ask("GET", MODELS, null), new TypeReference<>() {});
    return all.stream().map(Described::model).toList();
  }

  @Override
  public RegisteredModel get(ModelName name) {
    return read(server.ask("GET", path(name), null));
  }

  @Override
  public RegisteredModel register(Registration registration) {
    return read(server.ask("POST", MODELS, ModelMessages.NewModel.of(registration)));
  }

  @Override
  public RegisteredModel remove(ModelName name) {
    return read(server.ask("DELETE", path(name), null));
  }

  @Override
  public RegisteredModel pull(ModelName name, Caller caller, PullListener listener) {
    return follow(path(name) + "/pull", listener);
  }

  @Override
  public RegisteredModel load(ModelName name, Caller caller, PullListener listener) {
    return follow(path(name) + "/load", listener);
  }

  @Override
  public RegisteredModel unload(ModelName name) {
    return read(server.ask("POST", path(name) + "/unload", null));
  }

  private RegisteredModel follow(String path, PullListener listener) {
    return lines.follow(
        path,
        new ModelMessages.Bring(offline),
        line -> onEvent(StoreJson.MAPPER.readValue(line, Event.class), listener));
  }

  private static @Nullable RegisteredModel onEvent(Event event, PullListener listener) {
    if (event.failure() != null) {
      throw new ServerSaid(event.failure().code(), event.failure().message());
    }
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
    return event.model() == null ? null : event.model().model();
  }

  private static String path(ModelName name) {
    return MODELS + "/" + name;
  }

  private static RegisteredModel read(String text) {
    return StoreJson.MAPPER.readValue(text, Described.class).model();
  }
}
