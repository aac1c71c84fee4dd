package dev.larder.models;

import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import java.util.List;

/**
 * The registry of named models. Safe for concurrent use. Everything blocks, and throws {@link
 * dev.larder.content.LarderException}; each returns when its work is done.
 */
public interface Models {
  /** By name. */
  List<RegisteredModel> list();

  /** Throws {@link ModelsException.NotRegistered}. */
  RegisteredModel get(ModelName name);

  /**
   * Writes it down; brings nothing. Throws {@link ModelsException.Exists}, {@link
   * ModelsException.UnknownEngine}, or what says that there is no such location.
   */
  RegisteredModel register(Registration registration);

  /** Forgets the name and unloads its model. Its files stay in the cache. */
  RegisteredModel remove(ModelName name);

  /** Brings what the engine needs of the repo, as it is now. What is loaded stays as it is. */
  RegisteredModel pull(ModelName name, Caller caller, PullListener listener);

  /** Brings it here if it is not, and into memory. Does nothing to one that is loaded. */
  RegisteredModel load(ModelName name, Caller caller, PullListener listener);

  /** Out of memory; it closes after its last use. Does nothing to one that is not loaded. */
  RegisteredModel unload(ModelName name);
}
