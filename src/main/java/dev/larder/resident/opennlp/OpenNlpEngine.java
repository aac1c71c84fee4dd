package dev.larder.resident.opennlp;

import dev.larder.resident.Engine;
import dev.larder.resident.EngineException;
import dev.larder.resident.Loaded;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelOptions;
import dev.larder.resident.TextAnalyzer;
import dev.larder.resident.opennlp.Tools.Source;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Makes {@link TextAnalyzer}s of OpenNLP's model files: for sentences, words, parts of speech and
 * languages, as many of them as the repo has, one of each.
 *
 * <p>They are taken by their names, those of the project's releases and the older ones ({@code
 * en-sent.bin}), or the one that the options name. Parts of speech have the names of Universal
 * Dependencies. Offsets of words count from the begin of the text that was given.
 */
public final class OpenNlpEngine implements Engine {
  static final String NAME = "opennlp";

  /** Everything else of the process lives on the heap as well. */
  private static final long MOST_HEAP_BYTES = Runtime.getRuntime().maxMemory() / 3;

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public boolean suits(List<String> paths) {
    return paths.stream().anyMatch(path -> Component.ofPath(path).isPresent());
  }

  @Override
  public boolean mayTake(String path) {
    return Choice.mayBe(path);
  }

  @Override
  public void refuse(List<String> paths, ModelOptions options) {
    List<Choice> _ = Choice.of(paths, options);
  }

  @Override
  public List<String> gather(ModelFiles files, ModelOptions options) throws Exception {
    List<String> paths = Choice.of(files.paths(), options).stream().map(Choice::path).toList();
    for (String path : paths) {
      if (files.sizeBytes(path) > Archive.LARGEST) {
        throw new EngineException.Broken(
            path
                + " has "
                + files.sizeBytes(path)
                + " bytes; a model of OpenNLP has "
                + Archive.LARGEST
                + " at most.",
            null);
      }
    }
    files.bring(paths);
    return paths;
  }

  @Override
  public long estimateBytes(ModelFiles files, ModelOptions options) throws Exception {
    long heap = Scanned.of(files, options).heapBytes();
    if (heap > MOST_HEAP_BYTES) {
      throw new EngineException.TooBig(
          "The model takes about %d MB of the heap, where one may take %d MB in this process; give it a larger heap (-Xmx)."
              .formatted(heap / 1_000_000, MOST_HEAP_BYTES / 1_000_000));
    }
    return heap;
  }

  @Override
  public Loaded<TextAnalyzer> load(ModelFiles files, ModelOptions options) throws Exception {
    Scanned scanned = Scanned.of(files, options);
    OpenNlpModel model =
        new OpenNlpModel(
            Tools.abilities(scanned.sources().keySet()), Tools.load(scanned.sources()));
    return new Loaded<>(model, scanned.heapBytes(), model);
  }

  /** The files of a model, each looked through. */
  private record Scanned(Map<Component, Source> sources, long heapBytes) {
    static Scanned of(ModelFiles files, ModelOptions options) throws Exception {
      Map<Component, Source> sources = new EnumMap<>(Component.class);
      long heap = 0;
      for (Choice choice : Choice.of(files.paths(), options)) {
        Path file = files.file(choice.path());
        Archive archive = Archive.scan(choice.path(), file);
        refuseOther(choice, archive.component());
        sources.put(archive.component(), new Source(choice.path(), file));
        heap += archive.heapBytes();
      }
      if (Tools.abilities(sources.keySet()).isEmpty()) {
        throw new EngineException.NothingUsable(
            "Parts of speech can only be told of words: a model for tokens is needed as well.",
            files.paths());
      }
      return new Scanned(sources, heap);
    }

    private static void refuseOther(Choice choice, Component is) {
      if (choice.named().isPresent() && choice.named().get() != is) {
        throw new EngineException.Broken(
            choice.path()
                + " is named as a model for "
                + choice.named().get().componentName
                + " and is one for "
                + is.componentName
                + ".",
            null);
      }
    }
  }
}
