package dev.larder.resident.onnx;

import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelOptions;
import java.nio.file.Path;

/** Loading as a program would do it, and arithmetic to look at what came out. */
final class OnnxModels {
  private OnnxModels() {}

  static Loaded<? extends Model> load(Path repo) throws Exception {
    return load(repo, ModelOptions.NONE);
  }

  static Loaded<? extends Model> load(Path repo, ModelOptions options) throws Exception {
    OnnxEngine engine = new OnnxEngine();
    ModelFiles files = DirectoryModelFiles.of(repo);
    engine.gather(files, options);
    return engine.load(files, options);
  }

  static double cosine(float[] one, float[] other) {
    double product = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      product += (double) one[i] * other[i];
      ones += (double) one[i] * one[i];
      others += (double) other[i] * other[i];
    }
    return product / Math.sqrt(ones * others);
  }

  static double length(float[] vector) {
    double squares = 0;
    for (float value : vector) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }
}
