package dev.larder.store;

import java.nio.file.Path;

/**
 * A directory of real files with the bytes of blobs, for a program that maps files or follows names
 * from one to the other: nobody else has a link to them, so nobody else's writing reaches them. It
 * takes no room where the file system shares extents, and as much as its bytes elsewhere, within
 * the store's limits. Safe for concurrent use.
 */
public interface PrivateCopy extends AutoCloseable {
  Path directory();

  /**
   * Removes the directory with all that is in it, once; a crash before leaves that to the next
   * start.
   */
  @Override
  void close();
}
