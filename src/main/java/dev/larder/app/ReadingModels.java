package dev.larder.app;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.ModelName;
import dev.larder.models.Models;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.store.StoreException.StoreReadOnly;
import java.util.List;

/** A registry that may be looked at: what would write is refused with the reason. */
record ReadingModels(Models models, StoreReadOnly reason) implements Models {
  @Override
  public List<RegisteredModel> list() {
    return models.list();
  }

  @Override
  public RegisteredModel get(ModelName name) {
    return models.get(name);
  }

  @Override
  public RegisteredModel register(Registration registration) {
    throw reason;
  }

  @Override
  public RegisteredModel remove(ModelName name) {
    throw reason;
  }

  @Override
  public RegisteredModel pull(ModelName name, Caller caller, PullListener listener) {
    throw reason;
  }

  @Override
  public RegisteredModel load(ModelName name, Caller caller, PullListener listener) {
    return models.load(name, caller, listener); // Which needs a server, before anything else.
  }

  @Override
  public RegisteredModel unload(ModelName name) {
    return models.unload(name);
  }
}
