package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import dev.larder.resident.ModelOptions;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Which file of a repo is the model. Decides by names alone. */
final class Weights {
  private static final List<String> USUAL = List.of("onnx/model.onnx", "model.onnx");

  /** What is read by unpickling, which runs whatever the file says. */
  private static final Pattern PICKLED =
      Pattern.compile(
          "(?:.*/)?(?:[^/]*\\.(?:pt|pth|pkl|pickle|ckpt|joblib|dill|mar)"
              + "|(?:pytorch_model|adapter_model|diffusion_pytorch_model|training_args|optimizer"
              + "|scheduler)[^/]*\\.bin)");

  /** Weights that run no code, though not for this engine. */
  private static final Set<String> OTHER_WEIGHTS =
      Set.of("safetensors", "gguf", "ggml", "h5", "msgpack", "tflite", "mlmodel", "engine", "ort");

  private Weights() {}

  static boolean isModel(String path) {
    return ending(path).equals("onnx");
  }

  /**
   * Its path in the repo. Throws {@link EngineException.NothingUsable} or {@link
   * EngineException.UnsafeFormat}.
   */
  static String choose(List<String> paths, ModelOptions options) {
    return options.file().map(file -> named(file, paths)).orElseGet(() -> found(paths));
  }

  private static String named(String file, List<String> paths) {
    if (isPickled(file)) {
      throw unsafe(List.of(file));
    }
    if (!paths.contains(file)) {
      throw new EngineException.NothingUsable(
          "The registration names %s, which the repo does not have.".formatted(file), paths);
    }
    if (!isModel(file)) {
      throw new EngineException.NothingUsable(
          "The registration names %s, which is no .onnx file.".formatted(file), paths);
    }
    return file;
  }

  private static String found(List<String> paths) {
    for (String usual : USUAL) {
      if (paths.contains(usual)) {
        return usual;
      }
    }
    List<String> models = paths.stream().filter(Weights::isModel).toList();
    if (models.size() == 1) {
      return models.getFirst();
    }
    if (!models.isEmpty()) {
      throw new EngineException.NothingUsable(
          "Which of %s is meant? None is %s; say it with \"file\" in the registration."
              .formatted(String.join(", ", models), String.join(" or ", USUAL)),
          paths);
    }
    throw nothing(paths);
  }

  private static EngineException nothing(List<String> paths) {
    List<String> pickled = paths.stream().filter(Weights::isPickled).toList();
    boolean others = paths.stream().anyMatch(path -> OTHER_WEIGHTS.contains(ending(path)));
    return pickled.isEmpty() || others
        ? new EngineException.NothingUsable("The repo has no .onnx file.", paths)
        : unsafe(pickled);
  }

  private static EngineException unsafe(List<String> pickled) {
    return new EngineException.UnsafeFormat(
        "%s can run any code when it is opened (Python's pickle), so it is not; export the model as ONNX."
            .formatted(String.join(", ", pickled.subList(0, Math.min(5, pickled.size())))));
  }

  private static boolean isPickled(String path) {
    return PICKLED.matcher(path.toLowerCase(Locale.ROOT)).matches();
  }

  private static String ending(String path) {
    return path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }
}
