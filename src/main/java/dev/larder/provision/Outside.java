package dev.larder.provision;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Directories outside the cache that somebody named; a link to one is one. */
final class Outside {
  private Outside() {}

  /** Throws {@link NotDirectoryException}, or what else keeps it from being looked at. */
  static void requireDirectory(Path named) throws IOException {
    if (!Files.readAttributes(named, BasicFileAttributes.class).isDirectory()) {
      throw new NotDirectoryException(named.toString());
    }
  }
}
