package dev.larder.resident;

import java.util.List;
import java.util.Optional;
import java.util.ServiceLoader;

/** The engines of this program: those that its class path announces as services. */
public final class Engines {
  private final List<Engine> all;

  public Engines(List<Engine> all) {
    this.all = List.copyOf(all);
  }

  /** What the service loader finds. */
  public static Engines installed() {
    return new Engines(
        ServiceLoader.load(Engine.class, Engines.class.getClassLoader()).stream()
            .map(ServiceLoader.Provider::get)
            .toList());
  }

  public List<String> names() {
    return all.stream().map(Engine::name).sorted().toList();
  }

  public Optional<Engine> named(String name) {
    return all.stream().filter(engine -> engine.name().equals(name)).findFirst();
  }

  /** The first for the file that is named, else the first that suits the files of the repo. */
  public Optional<Engine> suiting(List<String> paths, ModelOptions options) {
    return options.file().filter(paths::contains).flatMap(this::taking).or(() -> suiting(paths));
  }

  private Optional<Engine> taking(String path) {
    return suiting(List.of(path))
        .or(() -> all.stream().filter(engine -> engine.mayTake(path)).findFirst());
  }

  /**
   * Throws {@link EngineException.UnsafeFormat} where none suits since all weights run code. As
   * soon as one engine knows of others, that is not the reason.
   */
  public void refuseUnsafe(List<String> paths, ModelOptions options) {
    Optional<EngineException.UnsafeFormat> unsafe = Optional.empty();
    for (Engine engine : all) {
      try {
        engine.refuse(paths, options);
      } catch (EngineException.UnsafeFormat e) {
        unsafe = unsafe.or(() -> Optional.of(e));
      } catch (EngineException.NothingUsable _) {
        return; // Whoever asks says that of all engines.
      }
    }
    if (unsafe.isPresent()) {
      throw unsafe.get();
    }
  }

  /** The first that {@link Engine#suits} these files. */
  public Optional<Engine> suiting(List<String> paths) {
    return all.stream().filter(engine -> engine.suits(paths)).findFirst();
  }
}
