package dev.larder.demo;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A temporary directory for everything the demo writes. Closing removes it; repeatable. */
final class DemoRoot implements AutoCloseable {
  private final Path directory;

  DemoRoot() {
    try {
      this.directory = Files.createTempDirectory("larder-demo-");
    } catch (IOException e) {
      throw new DemoException.HubFailed("make a temporary directory", e);
    }
  }

  Path resolve(String name) {
    return directory.resolve(name);
  }

  @Override
  public void close() {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(directory, new Removal());
    } catch (IOException e) {
      throw new DemoException.HubFailed("remove " + directory, e);
    }
  }

  private static final class Removal extends SimpleFileVisitor<Path> {
    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
      Files.deleteIfExists(file);
      return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException failed)
        throws IOException {
      Files.deleteIfExists(directory);
      return FileVisitResult.CONTINUE;
    }
  }
}
