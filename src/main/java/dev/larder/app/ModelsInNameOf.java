package dev.larder.app;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.ModelName;
import dev.larder.models.Models;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import java.util.List;

/** Models for a command: files are asked for in the name of who runs it. */
record ModelsInNameOf(Models models, Caller person) implements Models {
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
    return models.register(registration);
  }

  @Override
  public RegisteredModel remove(ModelName name) {
    return models.remove(name);
  }

  @Override
  public RegisteredModel pull(ModelName name, Caller caller, PullListener listener) {
    return models.pull(name, person, listener);
  }

  @Override
  public RegisteredModel load(ModelName name, Caller caller, PullListener listener) {
    return models.load(name, person, listener);
  }

  @Override
  public RegisteredModel unload(ModelName name) {
    return models.unload(name);
  }
}
