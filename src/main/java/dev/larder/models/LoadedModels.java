package dev.larder.models;

import dev.larder.mirror.Caller;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.resident.ResidentEntry;
import java.util.List;

/** The models of this process: in memory, and used. Safe for concurrent use. */
public interface LoadedModels {
  /**
   * The right to use a model, brought here and loaded if it is not. {@code name}: a registered
   * name, else a cached repo, such as {@code org/name} or {@code org/name@revision}. A model that
   * is in memory costs no question to a database. {@code caller}: whether the hub may be asked;
   * files come in the site's name for a registered model, and in nobody's for another. {@code
   * owner}: who uses it, for people who look for who holds what. Blocks. Close it.
   *
   * @throws dev.larder.mirror.MirrorException.RightsUnknown for a repo that is named directly while
   *     nobody knows who may read it
   * @throws ModelsException.NoSuchModel for what is neither
   */
  Lease<Model> acquire(String name, Caller caller, String owner);

  /** Names that {@link #acquire} takes: the registered ones, and what else is in memory. */
  List<Usable> usable();

  /** A model that can be asked for. {@code sinceEpochSecond}: registered or loaded then. */
  record Usable(String name, String repo, long sinceEpochSecond) {}

  /** What is in memory and can be had. */
  List<ResidentEntry> entries();

  /** Unloads all; answers how many. */
  int clear();
}
