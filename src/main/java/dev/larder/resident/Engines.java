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

  /** The first that {@link Engine#suits} these files. */
  public Optional<Engine> suiting(List<String> paths) {
    return all.stream().filter(engine -> engine.suits(paths)).findFirst();
  }
}
