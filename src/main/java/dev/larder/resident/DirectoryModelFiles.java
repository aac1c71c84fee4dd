package dev.larder.resident;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The files below a directory of one's own, such as a cloned repo: for a program that loads models
 * without the rest of Larder. What it has is looked up once, when it is made. Links to files are
 * followed, links to directories are not. Nothing in it may be changed while a model of it is
 * loaded. Safe for concurrent use.
 *
 * <pre>{@code
 * Engine engine = Engines.installed().named("onnx").orElseThrow();
 * ModelFiles files = DirectoryModelFiles.of(Path.of("all-MiniLM-L6-v2"));
 * engine.gather(files, ModelOptions.NONE);
 * Loaded<? extends Model> loaded = engine.load(files, ModelOptions.NONE);
 * }</pre>
 */
public final class DirectoryModelFiles implements ModelFiles {
  private final Path root;
  private final SortedMap<String, Path> files;

  private DirectoryModelFiles(Path root, SortedMap<String, Path> files) {
    this.root = root;
    this.files = files;
  }

  /** Throws {@link IOException} when {@code root} is no directory that can be read. */
  public static DirectoryModelFiles of(Path root) throws IOException {
    Path absolute = root.toRealPath(); // A link to a directory is not walked into.
    SortedMap<String, Path> files = new TreeMap<>();
    try (Stream<Path> all = Files.walk(absolute)) {
      for (Path file : (Iterable<Path>) all.filter(Files::isRegularFile)::iterator) {
        String separator = file.getFileSystem().getSeparator();
        files.put(absolute.relativize(file).toString().replace(separator, "/"), file);
      }
    }
    return new DirectoryModelFiles(absolute, files);
  }

  @Override
  public List<String> paths() {
    return List.copyOf(files.keySet());
  }

  @Override
  public long sizeBytes(String path) {
    Path file = files.get(path);
    try {
      return file == null ? -1 : Files.size(file);
    } catch (IOException _) {
      return -1; // It went since it was looked up, and is missed when it is read.
    }
  }

  @Override
  public void bring(Collection<String> paths) throws IOException {
    for (String path : paths) {
      if (!Files.isReadable(file(path))) {
        throw new IOException("Tried to read " + path + ", which this user may not.");
      }
    }
  }

  @Override
  public byte[] read(String path) throws IOException {
    return Files.readAllBytes(file(path));
  }

  @Override
  public Path file(String path) throws IOException {
    Path file = files.get(path);
    if (file == null) {
      throw new NoSuchFileException(root.resolve(path).toString());
    }
    return file;
  }

  /**
   * The directory itself, with all that is in it. Throws {@link IOException} when one of the files
   * is a link: what a model maps must not be reachable by another name.
   */
  @Override
  public Path directory(Collection<String> paths) throws IOException {
    for (String path : paths) {
      if (Files.isSymbolicLink(file(path))) {
        throw new IOException(
            "Tried to map " + file(path) + ", which is a link; put the file itself in its place.");
      }
    }
    return root;
  }
}
