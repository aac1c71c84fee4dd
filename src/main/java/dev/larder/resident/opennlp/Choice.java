package dev.larder.resident.opennlp;

import dev.larder.resident.EngineException;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.opennlp.Component.Named;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** One file to load. {@code named}: what its name says that it is, if anything. */
record Choice(String path, Optional<Component> named) {
  /** Weights of formats that run code when they are read. */
  private static final Pattern UNSAFE =
      Pattern.compile(
          "(?i)(?:.*/)?(?:(?:pytorch_model|adapter_model|diffusion_pytorch_model|training_args"
              + "|optimizer|scheduler)[^/]*[.]bin"
              + "|[^/]*[.](?:pkl|pickle|pt|pth|ckpt|joblib|dill|mar|ser))");

  /** Whether a file of any name that is given as the one to load may be one. */
  static boolean mayBe(String path) {
    return path.toLowerCase(Locale.ROOT).endsWith(".bin") && !UNSAFE.matcher(path).matches();
  }

  /** Which files of a repo make the model, by their names alone. */
  static List<Choice> of(List<String> paths, ModelOptions options) {
    return options.file().isPresent() ? one(paths, options.file().get()) : all(paths);
  }

  private static List<Choice> one(List<String> paths, String path) {
    if (!paths.contains(path)) {
      throw new EngineException.NothingUsable("The repo has no file " + path + ".", paths);
    }
    if (UNSAFE.matcher(path).matches()) {
      throw unsafe(List.of(path));
    }
    return List.of(new Choice(path, Component.ofPath(path).map(Named::component)));
  }

  private static List<Choice> all(List<String> paths) {
    List<Named> named = paths.stream().flatMap(path -> Component.ofPath(path).stream()).toList();
    if (named.isEmpty()) {
      List<String> unsafe = paths.stream().filter(p -> UNSAFE.matcher(p).matches()).toList();
      if (!unsafe.isEmpty()) {
        throw unsafe(unsafe);
      }
      throw new EngineException.NothingUsable(
          "No file is named as OpenNLP's models are, such as en-sent.bin,"
              + " opennlp-en-ud-ewt-tokens-1.3-2.5.4.bin or langdetect-183.bin;"
              + " a file of another name can be given as \"file\".",
          paths);
    }
    refuseSeveral(named, paths);
    return named.stream().map(n -> new Choice(n.path(), Optional.of(n.component()))).toList();
  }

  private static void refuseSeveral(List<Named> named, List<String> paths) {
    List<String> doubles = new ArrayList<>();
    named.stream()
        .collect(Collectors.groupingBy(Named::component))
        .forEach((_, same) -> doubles.addAll(several(same)));
    List<String> languages =
        named.stream().flatMap(n -> n.language().stream()).distinct().sorted().toList();
    if (!doubles.isEmpty() || languages.size() > 1) {
      String what =
          doubles.isEmpty()
              ? "models of several languages (" + String.join(", ", languages) + ")"
              : "several models of one kind (" + String.join(", ", doubles) + ")";
      throw new EngineException.NothingUsable(
          "There are " + what + "; say which one is meant as \"file\".", paths);
    }
  }

  private static List<String> several(List<Named> same) {
    return same.size() > 1 ? same.stream().map(Named::path).sorted().toList() : List.of();
  }

  private static EngineException.UnsafeFormat unsafe(List<String> paths) {
    return new EngineException.UnsafeFormat(
        String.join(", ", paths.subList(0, Math.min(5, paths.size())))
            + ": files of this format run code when they are read, so they are never opened."
            + " The engine opennlp takes OpenNLP's own model files, such as en-sent.bin.");
  }
}
