package dev.larder.resident.opennlp;

import dev.larder.resident.ModelFiles;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A repo in a directory, which gives only what was brought, and knows what that is. */
final class RepoFiles implements ModelFiles {
  final Set<String> brought = new TreeSet<>();
  private final Path repo;

  RepoFiles(Path repo) {
    this.repo = repo;
  }

  @Override
  public List<String> paths() {
    try (Stream<Path> files = Files.walk(repo)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> repo.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public long sizeBytes(String path) {
    return repo.resolve(path).toFile().length();
  }

  @Override
  public void bring(Collection<String> paths) {
    brought.addAll(paths);
  }

  @Override
  public byte[] read(String path) throws IOException {
    return Files.readAllBytes(file(path));
  }

  @Override
  public Path file(String path) throws IOException {
    if (!brought.contains(path)) {
      throw new FileNotFoundException(path + " was not brought");
    }
    return repo.resolve(path);
  }

  @Override
  public Path directory(Collection<String> paths) {
    throw new UnsupportedOperationException("nothing is mapped");
  }
}
