package dev.larder.models;

import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.mirror.Caller;
import dev.larder.models.ModelPlaces.Standing;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.resident.ResidentEntry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The models in memory, by any name. */
record SharedModels(ModelPlaces places, Registry registry, ModelMemory memory)
    implements LoadedModels {
  /**
   * Files are asked for in the site's name where its operator registered the model, and in nobody's
   * else: what a client of the API shows as a token is none of the hub's. So of {@code caller} only
   * counts whether the hub may be asked.
   */
  @Override
  public Lease<Model> acquire(String name, Caller caller, String owner) {
    Registered registered = registry.find(name);
    Meant meant = registered == null ? directly(name) : Meant.of(registered);
    Caller asking =
        meant.as().isPresent()
            ? places.site(caller.offline())
            : new Caller(
                Caller.ANONYMOUS.principal(), Caller.ANONYMOUS.credential(), caller.offline());
    return memory.acquire(meant, asking, owner);
  }

  private Meant directly(String name) {
    Meant direct = Meant.directly(name);
    Optional<Registered> same = registry.plain(direct.repo(), direct.revision());
    if (same.isPresent()) {
      return Meant.of(same.get());
    }
    if (!memory.isOpen(direct.key())) {
      requireCached(name, direct.repo());
    } else if (places.isRestricted(direct.repo())) {
      boolean _ = memory.unload(direct.key()); // It was for everybody when it was loaded.
      throw restricted(direct.repo());
    }
    return direct;
  }

  private static ModelsException restricted(RepoId repo) {
    return new ModelsException.NoSuchModel(
        "%s is private or gated, so it can only be used under a name that its operator registered, as by 'larder models register NAME %s'."
            .formatted(repo, repo));
  }

  private void requireCached(String name, RepoId repo) {
    Standing standing = places.standing(repo);
    if (standing == Standing.RESTRICTED) {
      throw restricted(repo);
    }
    if (standing == Standing.ABSENT) {
      throw new ModelsException.NoSuchModel(
          "No model is registered as '%s', and nothing of a repo of that name is cached; 'larder models register NAME org/name' registers one, and 'larder pull org/name' caches one."
              .formatted(InvalidName.quoted(name, 120)));
    }
  }

  @Override
  public List<Usable> usable() {
    List<Usable> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (Registered each : registry.all()) {
      names.add(each.name().value());
      all.add(
          new Usable(
              each.name().value(),
              each.registration().repo().toString(),
              each.at().getEpochSecond()));
    }
    for (ResidentEntry entry : entries()) {
      memory
          .meant(entry.key())
          .filter(meant -> names.add(entry.key().name()))
          .ifPresent(
              meant ->
                  all.add(
                      new Usable(
                          entry.key().name(),
                          meant.repo().toString(),
                          entry.created().getEpochSecond())));
    }
    return List.copyOf(all);
  }

  @Override
  public List<ResidentEntry> entries() {
    return memory.entries();
  }

  @Override
  public int clear() {
    return memory.clear();
  }
}
