package dev.larder.settings;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/**
 * What each source says, the deciding one first: flags, environment, {@code .env}, {@code
 * larder.yaml}. Names that begin with {@code LARDER_} and are none of ours are problems; empty
 * values are as good as absent.
 */
final class Layers {
  /** Names of others that decide where the root is. */
  static final String PRIMARY = "PRIMARY_CACHE_PATH";

  static final String HF_HOME = "HF_HOME";
  static final String XDG_CACHE_HOME = "XDG_CACHE_HOME";

  private static final Set<String> VARIABLES = variables();

  private final List<Map<String, Assigned>> layers = new ArrayList<>();
  private final List<String> ignored = new ArrayList<>();

  private Layers() {}

  static Layers read(SettingSources sources, List<String> problems) {
    Layers read = new Layers();
    read.addFlags(sources);
    read.addEnvironment(sources, problems);
    Path directory = sources.directory();
    read.addFile(directory.resolve(".env"), DotEnv::parse, problems);
    read.addFile(directory.resolve("larder.yaml"), YamlFile::parse, problems);
    return read;
  }

  /** As if nobody had set anything. */
  static Layers none() {
    return new Layers();
  }

  /** Each value under one of {@code names}, the deciding one first. Flags are meant to differ. */
  List<Assigned> all(List<String> names) {
    return layers.stream()
        .flatMap(layer -> names.stream().map(layer::get))
        .filter(Objects::nonNull)
        .filter(assigned -> assigned.origin().source() != Origin.Source.FLAG)
        .toList();
  }

  /** The value of the first source that has one under the first of {@code names} it has. */
  Optional<Assigned> find(List<String> names) {
    for (Map<String, Assigned> layer : layers) {
      for (String name : names) {
        Assigned assigned = layer.get(name);
        if (assigned != null) {
          return Optional.of(assigned);
        }
      }
    }
    return Optional.empty();
  }

  Optional<Assigned> find(String name) {
    return find(List.of(name));
  }

  /** Names of service links that were passed over, sorted. */
  List<String> ignored() {
    return ignored.stream().sorted().toList();
  }

  private void addFlags(SettingSources sources) {
    Map<String, Assigned> layer = new HashMap<>();
    sources
        .flags()
        .forEach(
            (setting, text) -> {
              Origin origin = Origin.flag("--" + setting.yamlKey());
              put(layer, new Assigned(setting.variable(), text, origin));
            });
    layers.add(layer);
  }

  private void addEnvironment(SettingSources sources, List<String> problems) {
    Map<String, Assigned> layer = new HashMap<>();
    for (var variable : new TreeMap<>(sources.environment()).entrySet()) {
      if (ServiceLinks.matches(variable.getKey(), variable.getValue())) {
        ignored.add(variable.getKey());
      } else {
        add(
            layer,
            new Assigned(variable.getKey(), variable.getValue(), Origin.ENVIRONMENT),
            problems);
      }
    }
    layers.add(layer);
  }

  private void addFile(
      Path file, BiFunction<String, List<String>, List<Assigned>> parser, List<String> problems) {
    Map<String, Assigned> layer = new HashMap<>();
    // A directory of that name is somebody's virtual environment, not a file of settings.
    if (Files.isRegularFile(file)) {
      for (Assigned assigned : parser.apply(text(file, problems), problems)) {
        add(layer, assigned, problems);
      }
    }
    layers.add(layer);
  }

  private static String text(Path file, List<String> problems) {
    try {
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      problems.add("Tried to read settings from %s: %s.".formatted(file, e));
      return "";
    }
  }

  private static void add(Map<String, Assigned> layer, Assigned assigned, List<String> problems) {
    boolean yaml = assigned.origin().source() == Origin.Source.YAML;
    Optional<String> known = canonical(assigned.name(), yaml);
    if (known.isPresent()) {
      put(layer, new Assigned(known.get(), assigned.text().strip(), assigned.origin()));
    } else if (yaml || assigned.name().startsWith("LARDER_")) {
      problems.add(unknown(assigned, yaml));
    }
  }

  private static void put(Map<String, Assigned> layer, Assigned assigned) {
    if (!assigned.text().isEmpty()) {
      layer.put(assigned.name(), assigned);
    }
  }

  /** The variable that a name of a source stands for; only YAML knows short names. */
  private static Optional<String> canonical(String name, boolean yaml) {
    if (VARIABLES.contains(name)) {
      return Optional.of(name);
    }
    return yaml
        ? Arrays.stream(Setting.values())
            .filter(setting -> setting.yamlKey().equals(name))
            .map(Setting::variable)
            .findFirst()
        : Optional.empty();
  }

  private static String unknown(Assigned assigned, boolean yaml) {
    Set<String> candidates = new TreeSet<>();
    boolean variable = !yaml || assigned.name().startsWith("LARDER_");
    for (Setting setting : Setting.values()) {
      candidates.add(variable ? setting.variable() : setting.yamlKey());
    }
    String hint =
        NearestName.of(assigned.name(), candidates)
            .map(name -> "; did you mean " + name + "?")
            .orElse(".");
    return "%s (%s) is not a setting of Larder%s 'larder config reference' lists all of them."
        .formatted(assigned.name(), assigned.origin(), hint);
  }

  private static Set<String> variables() {
    Set<String> names = new TreeSet<>(List.of(PRIMARY, HF_HOME, XDG_CACHE_HOME));
    for (Setting setting : Setting.values()) {
      names.add(setting.variable());
      names.addAll(setting.synonyms());
    }
    return names;
  }
}
