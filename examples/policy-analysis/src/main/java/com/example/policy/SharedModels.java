package com.example.policy;

import dev.larder.resident.DirectoryModelFiles;
import dev.larder.resident.Engine;
import dev.larder.resident.Engines;
import dev.larder.resident.Lease;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelKey;
import dev.larder.resident.ModelLoader;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.ResidentEvent;
import dev.larder.resident.ResidentModels;
import dev.larder.resident.ResidentSettings;
import dev.larder.resident.TextAnalyzer;
import dev.larder.resident.TextEmbedder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;

/** The models of this service: loaded when first asked for, and shared by all jobs from then on. */
final class SharedModels implements AutoCloseable {
  static final ModelKey<TextAnalyzer> PIPELINE = ModelKey.of("nlp_pipeline:en", TextAnalyzer.class);
  static final ModelKey<TextEmbedder> EMBEDDINGS =
      ModelKey.of("embedding_model:all-MiniLM-L6-v2", TextEmbedder.class);

  private static final System.Logger LOG = System.getLogger(SharedModels.class.getName());

  private final ResidentModels models;
  private final ModelLoader<TextAnalyzer> pipeline;
  private final ModelLoader<TextEmbedder> embeddings;

  SharedModels(Path folder, long memory) throws IOException {
    Engines engines = Engines.installed();
    pipeline =
        new EngineLoader<>(
            engine(engines, "opennlp"),
            DirectoryModelFiles.of(ModelFolder.find(folder, "opennlp-en")),
            TextAnalyzer.class);
    embeddings =
        new EngineLoader<>(
            engine(engines, "onnx"),
            DirectoryModelFiles.of(ModelFolder.find(folder, "all-MiniLM-L6-v2")),
            TextEmbedder.class);
    models =
        ResidentModels.open(
            ResidentSettings.ofBudget(memory), InstantSource.system(), SharedModels::log);
  }

  /** A lease on the pipeline, for {@code owner}; close it. */
  Lease<TextAnalyzer> pipeline(String owner) {
    return lease(PIPELINE, pipeline, owner);
  }

  Lease<TextEmbedder> embeddings(String owner) {
    return lease(EMBEDDINGS, embeddings, owner);
  }

  /** By key, what there is to know of each model in memory. */
  Map<String, Object> entries() {
    Map<String, Object> entries = new TreeMap<>();
    models.entries().forEach(entry -> entries.put(entry.key().name(), CacheEntry.of(entry)));
    return entries;
  }

  /** What is in use stays until its use ends, and nobody else gets it. */
  int clear() {
    return models.clear();
  }

  @Override
  public void close() {
    models.close();
  }

  private <M> Lease<M> lease(ModelKey<M> key, ModelLoader<M> loader, String owner) {
    long begin = System.nanoTime();
    Lease<M> lease = models.acquire(key, loader, owner);
    double millis = (System.nanoTime() - begin) / 1e6;
    LOG.log(
        System.Logger.Level.INFO,
        () ->
            String.format(
                "memory %s %s for %s in %.3f ms",
                lease.hit() ? "hit" : "miss", key, owner, millis));
    return lease;
  }

  private static void log(ResidentEvent event) {
    LOG.log(System.Logger.Level.DEBUG, event::toString);
  }

  private static Engine engine(Engines engines, String name) {
    return engines
        .named(name)
        .orElseThrow(() -> new IllegalStateException("The engine " + name + " is not installed."));
  }

  /** Any engine as a loader. */
  private record EngineLoader<M extends Model>(Engine engine, ModelFiles files, Class<M> type)
      implements ModelLoader<M> {
    @Override
    public long estimateBytes() throws Exception {
      engine.gather(files, ModelOptions.NONE);
      return engine.estimateBytes(files, ModelOptions.NONE);
    }

    @Override
    public Loaded<M> load() throws Exception {
      Loaded<? extends Model> loaded = engine.load(files, ModelOptions.NONE);
      if (!type.isInstance(loaded.model())) {
        loaded.closing().close();
        throw new IOException("The files are of a model that is no " + type.getSimpleName() + ".");
      }
      return new Loaded<>(type.cast(loaded.model()), loaded.bytes(), loaded.closing());
    }
  }
}
