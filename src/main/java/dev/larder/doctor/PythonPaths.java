package dev.larder.doctor;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where huggingface_hub keeps its cache and its token, by the environment alone: it reads no {@code
 * .env}. constants.py of 1.23: a variable that is set and empty is used as it is.
 */
record PythonPaths(Map<String, String> environment, Path directory, Path userHome) {
  private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\{(\\w+)}|(\\w+))");

  static PythonPaths of(Scene scene) {
    var sources = scene.machine().sources();
    return new PythonPaths(sources.environment(), sources.directory(), sources.userHome());
  }

  /** The variable that decides on the cache directory, when one does. */
  Optional<String> decides() {
    for (String name :
        new String[] {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_HOME", "XDG_CACHE_HOME"}) {
      if (environment.containsKey(name)) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  Path home() {
    String named = environment.get("HF_HOME");
    if (named != null) {
      return expanded(named);
    }
    String caches = environment.get("XDG_CACHE_HOME");
    return (caches == null ? userHome.resolve(".cache") : expanded(caches)).resolve("huggingface");
  }

  Path hub() {
    for (String name : new String[] {"HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE"}) {
      String named = environment.get(name);
      if (named != null) {
        return expanded(named);
      }
    }
    return home().resolve("hub");
  }

  /** Where {@code hf auth login} writes the token. */
  Path token() {
    String named = environment.get("HF_TOKEN_PATH");
    return named == null ? home().resolve("token") : expanded(named);
  }

  Path expanded(String text) {
    String home = userHome.toString();
    String path = text.equals("~") || text.startsWith("~/") ? home + text.substring(1) : text;
    Matcher names = VARIABLE.matcher(path);
    String full =
        names.replaceAll(
            match -> {
              String name = match.group(1) == null ? match.group(2) : match.group(1);
              String value = environment.get(name);
              return Matcher.quoteReplacement(value == null ? match.group() : value);
            });
    return directory.resolve(full.replace("\0", "")).toAbsolutePath().normalize();
  }
}
