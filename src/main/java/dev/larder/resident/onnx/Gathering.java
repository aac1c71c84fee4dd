package dev.larder.resident.onnx;

import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelOptions;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.SortedMap;

/**
 * The files of one model.
 *
 * @param weights the path of the model in the repo
 * @param external the paths of what it keeps elsewhere, with the bytes it needs of each
 */
record Gathering(String weights, ModelOutline outline, SortedMap<String, Long> external) {
  /** Brings them, the small ones first; answers all paths. */
  static List<String> bring(ModelFiles files, ModelOptions options) throws Exception {
    String weights = Weights.choose(files.paths(), options);
    Configs configs = new Configs(files);
    List<String> brought = new ArrayList<>(Configs.NAMES.stream().filter(configs::has).toList());
    files.bring(brought);
    List<String> modules = SentenceConfigs.moduleConfigs(configs);
    files.bring(modules);
    files.bring(List.of(weights));
    List<String> external = List.copyOf(of(files, weights).external().keySet());
    files.bring(external);
    brought.addAll(modules);
    brought.add(weights);
    brought.addAll(external);
    return List.copyOf(brought);
  }

  /** Of files that were brought. */
  static Gathering of(ModelFiles files, ModelOptions options) throws Exception {
    return of(files, Weights.choose(files.paths(), options));
  }

  private static Gathering of(ModelFiles files, String weights) throws Exception {
    ModelOutline outline = OutlineReader.read(files.file(weights), weights);
    return new Gathering(
        weights, outline, ExternalData.files(weights, outline, new HashSet<>(files.paths())));
  }

  /** Of the model and what it keeps elsewhere. */
  long sizeBytes(ModelFiles files) throws Exception {
    long sum = Files.size(files.file(weights));
    for (String path : external.keySet()) {
      sum += Files.size(files.file(path));
    }
    return sum;
  }
}
