package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.onnx.ModelOutline.External;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Which files of a repo hold the tensors that a model keeps outside of itself. A model names them
 * itself, so the names are hostile until shown otherwise: the runtime opens what it is told, and
 * takes some names for addresses in memory.
 */
final class ExternalData {
  private ExternalData() {}

  /**
   * Paths in the repo, each with the bytes it has at least. Throws {@link EngineException.Broken}
   * for a location that is anything but the name of a file of the repo, in the folder of the
   * weights or below it.
   */
  static SortedMap<String, Long> files(String weights, ModelOutline outline, Set<String> paths) {
    SortedMap<String, Long> files = new TreeMap<>();
    for (External external : outline.external()) {
      String path = path(weights, external.location());
      if (!paths.contains(path)) {
        throw new EngineException.Broken(
            "%s keeps weights in %s, which the repo does not have.".formatted(weights, path), null);
      }
      files.merge(path, external.endBytes(), Math::max);
    }
    return files;
  }

  /** Throws {@link EngineException.Broken} when one is shorter than the model says. */
  static void check(String weights, Map<String, Long> needed, ModelFiles files) {
    needed.forEach(
        (path, bytes) -> {
          long size = files.sizeBytes(path);
          if (size >= 0 && size < bytes) {
            throw new EngineException.Broken(
                "%s needs %d bytes of %s, which has %d.".formatted(weights, bytes, path, size),
                null);
          }
        });
  }

  private static String path(String weights, String location) {
    boolean plain =
        !location.isEmpty()
            && location.chars().noneMatch(c -> c < ' ' || c == '\\' || c == '*' || c == ':')
            && Arrays.stream(location.split("/", -1)).allMatch(ExternalData::isName);
    if (!plain) {
      throw new EngineException.Broken(
          "%s keeps weights in %s, which is no name of a file beside it; it is not opened."
              .formatted(weights, quoted(location)),
          null);
    }
    return weights.substring(0, weights.lastIndexOf('/') + 1) + location;
  }

  private static boolean isName(String part) {
    return !part.isEmpty() && !part.equals(".") && !part.equals("..");
  }

  private static String quoted(String location) {
    String shown = location.length() <= 80 ? location : location.substring(0, 80) + "…";
    return '"' + shown.replaceAll("\\p{Cntrl}", "?") + '"';
  }
}
