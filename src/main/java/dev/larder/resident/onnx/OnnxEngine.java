package dev.larder.resident.onnx;

import dev.larder.resident.Engine;
import dev.larder.resident.EngineException;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Models in the ONNX format. The file is the one that the options name, else {@code
 * onnx/model.onnx}, else {@code model.onnx}, else the only one. Each model is a {@link
 * dev.larder.resident.TensorModel}; one that takes tokens and has a {@code tokenizer.json} is a
 * {@link dev.larder.resident.TextEmbedder} too, and one that takes pictures and has a {@code
 * preprocessor_config.json} is an {@link dev.larder.resident.ImageEmbedder}.
 */
public final class OnnxEngine implements Engine {
  /** As registrations name it. */
  public static final String NAME = "onnx";

  /** Smaller models come and go too fast for that. */
  private static final long WORTH_GIVING_BACK = 32L << 20;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean suits(List<String> paths) {
    return paths.stream().anyMatch(Weights::isModel);
  }

  @Override
  public void refuse(List<String> paths, ModelOptions options) {
    String _ = Weights.choose(paths, options);
  }

  @Override
  public List<String> gather(ModelFiles files, ModelOptions options) throws Exception {
    return Gathering.bring(files, options);
  }

  @Override
  public long estimateBytes(ModelFiles files, ModelOptions options) throws Exception {
    return Footprint.bytes(Gathering.of(files, options), files);
  }

  @Override
  public Loaded<? extends Model> load(ModelFiles files, ModelOptions options) throws Exception {
    Gathering gathering = Gathering.of(files, options);
    ExternalData.check(gathering.weights(), gathering.external(), files);
    long bytes = Footprint.bytes(gathering, files);
    Session session = Session.open(file(files, gathering), gathering.weights());
    OnnxModel model = open(session, gathering, files);
    return new Loaded<>(model, bytes, () -> close(model, bytes));
  }

  private static void close(OnnxModel model, long bytes) {
    model.close();
    if (bytes >= WORTH_GIVING_BACK) {
      NativeMemory.giveBack();
    }
  }

  private static OnnxModel open(Session session, Gathering gathering, ModelFiles files)
      throws Exception {
    try {
      return model(session, gathering, files);
    } catch (Exception | Error e) {
      session.free();
      throw e;
    }
  }

  /** External data is mapped by the runtime, the model itself is read and closed. */
  private static Path file(ModelFiles files, Gathering gathering) throws Exception {
    if (gathering.external().isEmpty()) {
      return files.file(gathering.weights());
    }
    List<String> parts = new ArrayList<>(gathering.external().keySet());
    parts.add(gathering.weights());
    return files.directory(parts).resolve(gathering.weights());
  }

  private static OnnxModel model(Session session, Gathering gathering, ModelFiles files)
      throws Exception {
    Configs configs = new Configs(files);
    Optional<TextOutput> output = TextOutput.of(session.outputs());
    if (output.isPresent() && TextRuns.takesTexts(session) && configs.has(Configs.TOKENIZER)) {
      return textModel(session, output.get(), gathering, files);
    }
    Optional<ImageOutput> vector = ImageOutput.of(session.outputs());
    if (vector.isPresent()
        && OnnxImageModel.takesPictures(session)
        && configs.has(Configs.PREPROCESSOR)) {
      return imageModel(session, vector.get(), gathering, configs);
    }
    return new OnnxModel(gathering.weights(), session, session::free);
  }

  private static OnnxModel imageModel(
      Session session, ImageOutput output, Gathering gathering, Configs configs) throws Exception {
    ImageSettings settings = ImageConfigs.read(configs);
    try {
      return new OnnxImageModel(gathering.weights(), session, output, settings);
    } catch (EngineException.BadInput e) {
      throw new EngineException.Broken(
          "What preprocessor_config.json makes of pictures does not fit the model. "
              + e.getMessage(),
          e);
    }
  }

  private static OnnxModel textModel(
      Session session, TextOutput output, Gathering gathering, ModelFiles files) throws Exception {
    Configs configs = new Configs(files);
    SentenceSettings settings = new SentenceConfigs(configs).read(output.pooled());
    TextRuns runs = new TextRuns(session, output, settings, gathering.outline().quantizesInputs());
    Tokenizer tokenizer = Tokenizer.open(configs.tokenizer(), settings);
    try {
      return new OnnxTextModel(gathering.weights(), session, runs, tokenizer, settings);
    } catch (EngineException.BadInput e) {
      tokenizer.free();
      throw new EngineException.Broken(
          "The tokenizer does not fit the model. " + e.getMessage(), e);
    } catch (RuntimeException | Error e) {
      tokenizer.free();
      throw e;
    }
  }
}
