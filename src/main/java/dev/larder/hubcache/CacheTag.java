package dev.larder.hubcache;

import dev.larder.content.Disk;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;

/**
 * {@code CACHEDIR.TAG}: tells backup programs to leave the directory out. The text is the one of
 * huggingface_hub, so that it does not matter who came first.
 */
public final class CacheTag {
  static final String NAME = "CACHEDIR.TAG";
  static final String TEXT =
      """
      Signature: 8a477f597d28d172789f06886806bc55
      # This file is a cache directory tag created by huggingface_hub.
      # For information about cache directory tags, see:
      #\thttps://bford.info/cachedir/
      """;

  private final Ground ground;
  private volatile boolean written;

  CacheTag(Ground ground) {
    this.ground = ground;
  }

  /** Whether {@code hub} has none. */
  public static boolean isMissing(Path hub, Disk disk) throws IOException {
    return disk.stat(hub.resolve(NAME)).isEmpty();
  }

  /** Makes it be there. */
  public static void write(Path hub, Disk disk) throws IOException {
    new CacheTag(new Ground(hub, disk)).write();
  }

  /** Makes the cache directory and its tag be there; looks once per process. */
  void write() throws IOException {
    if (written) {
      return;
    }
    Disk disk = ground.disk;
    Path tag = ground.root.resolve(NAME);
    disk.createDirectories(ground.root);
    if (disk.stat(tag).isEmpty()) {
      try {
        ground.create(tag, TEXT.getBytes(StandardCharsets.US_ASCII));
      } catch (FileAlreadyExistsException _) {
        // Another process was faster.
      }
    }
    written = true;
  }
}
