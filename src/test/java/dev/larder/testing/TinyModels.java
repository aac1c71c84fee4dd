package dev.larder.testing;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PulledFile;
import dev.larder.models.LoadedModels;
import dev.larder.models.ModelName;
import dev.larder.models.Models;
import dev.larder.models.ModelsException;
import dev.larder.models.RegisteredModel;
import dev.larder.models.RegisteredModel.InMemory;
import dev.larder.models.RegisteredModel.Pulled;
import dev.larder.models.Registration;
import dev.larder.resident.Lease;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelKey;
import dev.larder.resident.ModelLoader;
import dev.larder.resident.ResidentEntry;
import dev.larder.resident.ResidentException;
import dev.larder.resident.ResidentModels;
import dev.larder.resident.ResidentSettings;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A registry in memory, of {@link TinyModel}s that need no files; {@code org/cached} is a repo that
 * counts as cached. Each model takes 1000 bytes.
 */
public final class TinyModels implements Models, LoadedModels, AutoCloseable {
  public static final long BYTES = 1000;
  public static final String CACHED = "org/cached";
  private static final Commit COMMIT = new Commit("0123456789012345678901234567890123456789");

  public final AtomicInteger loads = new AtomicInteger();

  /** Those that asked for something, as they gave it. */
  public final List<Caller> callers = new CopyOnWriteArrayList<>();

  public final List<String> owners = new CopyOnWriteArrayList<>();

  /** Runs on the thread of each load. */
  public volatile Runnable meanwhile = () -> {};

  /** How long who asks waits for memory. */
  public volatile Duration patience = Duration.ofMinutes(1);

  private final InstantSource clock;
  private final ResidentModels resident;
  private final Map<ModelName, RegisteredModel> records = new ConcurrentSkipListMap<>();

  /** {@code budgetBytes}: for all models together. */
  public TinyModels(long budgetBytes, InstantSource clock) {
    this.clock = clock;
    resident =
        new ResidentModels(
            ResidentSettings.ofBudget(budgetBytes), clock, System::nanoTime, _ -> {});
  }

  @Override
  public List<RegisteredModel> list() {
    return records.values().stream().map(this::now).toList();
  }

  @Override
  public RegisteredModel get(ModelName name) {
    RegisteredModel found = records.get(name);
    if (found == null) {
      throw new ModelsException.NotRegistered(name);
    }
    return now(found);
  }

  @Override
  public RegisteredModel register(Registration wish) {
    if (!wish.engine().orElse("tiny").equals("tiny")) {
      throw new ModelsException.UnknownEngine("There is no such engine; there is tiny.");
    }
    var made = new RegisteredModel(wish, clock.instant(), Optional.empty(), Optional.empty());
    RegisteredModel before = records.putIfAbsent(wish.name(), made);
    if (before != null) {
      throw new ModelsException.Exists(before.registration());
    }
    return made;
  }

  @Override
  public RegisteredModel remove(ModelName name) {
    RegisteredModel here = get(name);
    resident.unload(key(name.value()));
    records.remove(name);
    return here;
  }

  @Override
  public RegisteredModel pull(ModelName name, Caller caller, PullListener listener) {
    callers.add(caller);
    RegisteredModel here = get(name);
    var file = new EntryPath("model.onnx");
    listener.planned(List.of(new PulledFile(file, BYTES, PulledFile.State.MISSING)));
    listener.progress(file, BYTES, BYTES);
    listener.done(new PulledFile(file, BYTES, PulledFile.State.FETCHED));
    var pulled = Optional.of(new Pulled(COMMIT, "tiny", 1, BYTES, clock.instant()));
    var made =
        new RegisteredModel(here.registration(), here.registeredAt(), pulled, Optional.empty());
    records.put(name, made);
    return now(made);
  }

  @Override
  public RegisteredModel load(ModelName name, Caller caller, PullListener listener) {
    RegisteredModel pulled = pull(name, caller, listener);
    acquire(name.value(), caller, "load").close();
    return now(pulled);
  }

  @Override
  public RegisteredModel unload(ModelName name) {
    RegisteredModel here = get(name);
    resident.unload(key(name.value()));
    return now(here);
  }

  private RegisteredModel now(RegisteredModel model) {
    Optional<InMemory> memory =
        resident.entries().stream()
            .filter(entry -> entry.key().name().equals(model.registration().name().value()))
            .findFirst()
            .map(e -> new InMemory(e.created(), e.bytes(), e.accesses(), e.leases()));
    return new RegisteredModel(model.registration(), model.registeredAt(), model.pulled(), memory);
  }

  @Override
  public Lease<Model> acquire(String name, Caller caller, String owner) {
    callers.add(caller);
    owners.add(owner);
    if (!name.equals(CACHED) && !isRegistered(name)) {
      throw new ModelsException.NoSuchModel("'" + name + "' is neither registered nor cached.");
    }
    try {
      return resident.acquire(key(name), loader(), owner, patience);
    } catch (ResidentException.NoRoom e) {
      throw new ModelsException.NoRoom(e.getMessage(), e);
    } catch (ResidentException.TooBig e) {
      throw new ModelsException.TooBig(e.getMessage(), e);
    } catch (ResidentException.StillLoading e) {
      throw new ModelsException.StillLoading(e.getMessage(), e);
    } catch (ResidentException e) {
      throw new ModelsException.LoadFailed(e.getMessage(), e);
    }
  }

  private boolean isRegistered(String name) {
    if (name.contains("/")) {
      RepoId _ = RepoId.parse(name); // Refuses what is none.
      return false;
    }
    return records.containsKey(new ModelName(name));
  }

  private ModelLoader<Model> loader() {
    return ModelLoader.of(
        BYTES,
        () -> {
          loads.incrementAndGet();
          meanwhile.run();
          return new Loaded<>(new TinyModel(), BYTES, () -> {});
        });
  }

  private static ModelKey<Model> key(String name) {
    return ModelKey.of(name, Model.class);
  }

  @Override
  public List<Usable> usable() {
    return list().stream()
        .map(
            model ->
                new Usable(
                    model.registration().name().value(),
                    model.registration().repo().toString(),
                    model.registeredAt().getEpochSecond()))
        .toList();
  }

  @Override
  public List<ResidentEntry> entries() {
    return resident.entries();
  }

  @Override
  public int clear() {
    return resident.clear();
  }

  /** Registers {@code org/name} under a name. */
  public RegisteredModel add(String name) {
    return register(
        new Registration(
            new ModelName(name),
            RepoId.model("org/" + name),
            Revision.MAIN,
            "primary",
            Optional.empty(),
            Optional.empty()));
  }

  @Override
  public void close() {
    resident.close();
  }
}
