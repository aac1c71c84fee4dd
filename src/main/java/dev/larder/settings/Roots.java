package dev.larder.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the location {@code primary} lies. The name decides before the source: {@code LARDER_HOME}
 * from anywhere comes before {@code HF_HOME} from anywhere.
 */
record Roots(Path root, Assigned rootFrom, Path hubCache, Assigned hubCacheFrom) {
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");

  static Roots of(Layers layers, SettingSources sources) {
    Optional<Assigned> hubCache =
        sources.flags().containsKey(Setting.HOME)
            ? Optional.empty()
            : layers.find(Setting.HUB_CACHE.variable());
    Assigned from = root(layers, hubCache);
    Path root = directory(from, sources);
    Path hub = hubCache.map(h -> expand(h.text(), sources)).orElseGet(() -> root.resolve("hub"));
    Assigned none = new Assigned(Setting.HUB_CACHE.variable(), "", Origin.DEFAULT);
    return new Roots(root, from, hub, hubCache.orElse(none));
  }

  private static Assigned root(Layers layers, Optional<Assigned> hubCache) {
    return layers
        .find(Setting.HOME.variable())
        .or(() -> layers.find(Layers.PRIMARY))
        .or(() -> hubCache)
        .or(() -> layers.find(Layers.HF_HOME))
        .or(() -> layers.find(Layers.XDG_CACHE_HOME))
        .orElse(new Assigned(Setting.HOME.variable(), "~/.cache/huggingface", Origin.DEFAULT));
  }

  private static Path directory(Assigned from, SettingSources sources) {
    Path path = expand(from.text(), sources);
    if (from.name().equals(Layers.XDG_CACHE_HOME)) {
      return path.resolve("huggingface");
    }
    if (!from.name().equals(Setting.HUB_CACHE.variable())) {
      return path;
    }
    Path parent = path.getParent();
    if (parent == null) {
      throw new SettingsException(
          "HF_HUB_CACHE='%s' (%s) has no parent that could be the root; set LARDER_HOME as well."
              .formatted(from.text(), from.origin()));
    }
    return parent;
  }

  /** {@code ~} and {@code $NAME} as huggingface_hub's constants.py expands them. */
  static Path expand(String text, SettingSources sources) {
    String home = sources.userHome().toString();
    String path = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    Matcher variable = VARIABLE.matcher(path);
    String expanded =
        variable.replaceAll(
            match -> {
              String name = match.group(1) == null ? match.group(2) : match.group(1);
              String value = sources.environment().get(name);
              return Matcher.quoteReplacement(value == null ? match.group() : value);
            });
    try {
      return sources.directory().resolve(expanded).toAbsolutePath().normalize();
    } catch (InvalidPathException e) {
      throw new SettingsException("'%s' is not a path: %s.".formatted(text, e.getReason()));
    }
  }

  /** Throws when the cache tree and the store cannot share their files by links. */
  static void checkOneFileSystem(Location location) {
    try {
      Object store = Files.getAttribute(existing(location.root()), "unix:dev");
      Object tree = Files.getAttribute(existing(location.hub()), "unix:dev");
      if (!store.equals(tree)) {
        throw new SettingsException(otherFileSystem(location));
      }
    } catch (IOException e) {
      throw new SettingsException(
          "Tried to find the file systems of %s and %s: %s."
              .formatted(location.root(), location.hub(), e));
    }
  }

  private static String otherFileSystem(Location location) {
    return location.isPrimary()
        ? ("HF_HUB_CACHE=%s is on another file system than the root %s, so they cannot share files;"
                + " put both on one, or set only one of them.")
            .formatted(location.hub(), location.root())
        : "%s is on another file system than %s, the root of the location %s, so they cannot share files; put both on one."
            .formatted(location.hub(), location.root(), location.name());
  }

  static Path existing(Path path) {
    Path here = path;
    while (!Files.exists(here) && here.getParent() != null) {
      here = here.getParent();
    }
    return here;
  }
}
