package dev.larder.resident.onnx;

import dev.larder.resident.ModelFiles;
import java.nio.file.Files;

/** How much memory a model takes. The measurement is in {@code docs/design/engines.md}. */
final class Footprint {
  private static final double FACTOR = 1.3;
  private static final double OF_TOKENIZER = 16;
  private static final long CONSTANT = 8L << 20;

  private Footprint() {}

  /** Of a model that was gathered, when it is loaded, between its runs. */
  static long bytes(Gathering gathering, ModelFiles files) throws Exception {
    long tokenizer =
        files.paths().contains(Configs.TOKENIZER) ? Files.size(files.file(Configs.TOKENIZER)) : 0;
    return CONSTANT
        + (long) (FACTOR * gathering.sizeBytes(files))
        + (long) (OF_TOKENIZER * tokenizer);
  }
}
