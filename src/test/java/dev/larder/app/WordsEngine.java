package dev.larder.app;

import dev.larder.resident.Engine;
import dev.larder.resident.EngineException;
import dev.larder.resident.Loaded;
import dev.larder.resident.Model;
import dev.larder.resident.ModelFiles;
import dev.larder.resident.ModelOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes models of lists of words: {@code words.txt}, or another file that is named, and a {@code
 * config.json} if there is one. With {@code words.data} beside it, its words lie there, and the two
 * are wanted in a directory of their own.
 */
final class WordsEngine implements Engine {
  static final String FILE = "words.txt";
  static final String DATA = "words.data";

  final AtomicInteger loads = new AtomicInteger();
  final AtomicInteger open = new AtomicInteger();
  volatile Step estimating = _ -> {};
  volatile Step loading = _ -> {};
  volatile long bytesEach = 1000;

  /** Something that happens in the middle of a load. */
  interface Step {
    void run(ModelFiles files) throws Exception;
  }

  /** A list of words in memory. */
  record Words(List<String> words, Optional<Path> directory, AtomicBoolean closed)
      implements Model {
    @Override
    public String engine() {
      return "words";
    }
  }

  @Override
  public String name() {
    return "words";
  }

  @Override
  public boolean suits(List<String> paths) {
    return paths.stream().anyMatch(path -> path.endsWith(FILE) || path.endsWith(".pkl"));
  }

  @Override
  public List<String> gather(ModelFiles files, ModelOptions options) throws Exception {
    String weights = options.file().orElse(FILE);
    if (!files.paths().contains(weights)) {
      if (files.paths().stream().anyMatch(path -> path.endsWith(".pkl"))) {
        throw new EngineException.UnsafeFormat("A pickle can run code of its own.");
      }
      throw new EngineException.NothingUsable("There is no " + weights + ".", files.paths());
    }
    List<String> wanted = new ArrayList<>(List.of(weights));
    files.paths().stream()
        .filter(path -> path.equals(DATA) || path.equals("config.json"))
        .forEach(wanted::add);
    files.bring(wanted);
    return wanted;
  }

  @Override
  public long estimateBytes(ModelFiles files, ModelOptions options) throws Exception {
    estimating.run(files);
    return bytesEach;
  }

  @Override
  public Loaded<Words> load(ModelFiles files, ModelOptions options) throws Exception {
    loads.incrementAndGet();
    String weights = options.file().orElse(FILE);
    Optional<Path> directory = Optional.empty();
    byte[] bytes = files.read(weights);
    if (files.paths().contains(DATA)) {
      directory = Optional.of(files.directory(List.of(weights, DATA)));
      bytes = Files.readAllBytes(directory.get().resolve(DATA));
    } else if (!java.util.Arrays.equals(bytes, Files.readAllBytes(files.file(weights)))) {
      throw new IOException("the file by its path is another one");
    }
    loading.run(files);
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.startsWith("broken")) {
      throw new EngineException.Broken(weights + " is no list of words.", null);
    }
    open.incrementAndGet();
    Words words = new Words(List.of(text.split("\\s+")), directory, new AtomicBoolean());
    return new Loaded<>(
        words,
        bytesEach,
        () -> {
          if (!words.closed().compareAndSet(false, true)) {
            throw new IllegalStateException("closed twice");
          }
          open.decrementAndGet();
        });
  }
}
