package dev.larder.store;

import java.io.IOException;
import java.nio.file.Path;

/**
 * What a file system holds and has left for an ordinary user. {@code inodes} is 0 where it does not
 * count them, as btrfs.
 */
public record Volume(long totalBytes, long freeBytes, long inodes, long freeInodes) {
  /** Of the file system that {@code path}, which exists, lies on. */
  public static Volume of(Path path) throws IOException {
    return Posix.volume(path);
  }
}
