package dev.larder.hubcache;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names in a {@code blobs} directory under which something waits for its own name.
 *
 * <p>{@code hf cache prune} removes every {@code *.incomplete}, also one that somebody writes at
 * this moment. So only a copy of a blob is called that: it is worth sweeping after a crash, and
 * begins again when it is swept too early. What waits for one system call has a name that nobody
 * but Larder knows; Python reads no names in {@code blobs}.
 */
final class TempNames {
  private static final Logger log = LoggerFactory.getLogger(TempNames.class);
  private static final String UNFINISHED = ".incomplete";

  /** The link into the blob store that all repos share, before huggingface_hub 2.0 renames it. */
  private static final Pattern SHARED =
      Pattern.compile("\\.(?:[0-9a-f]{40}|[0-9a-f]{64})\\.[0-9a-f]{8}\\.shared");

  private static final Pattern FRESH = Pattern.compile("larder\\.[0-9a-f]{8}\\.tmp");

  /** Nobody's step takes that long: what is older belongs to a process that ended in between. */
  private static final long ABANDONED_NANOS = TimeUnit.HOURS.toNanos(1);

  private final Disk disk;
  private final Set<Path> swept = ConcurrentHashMap.newKeySet();

  TempNames(Disk disk) {
    this.disk = disk;
  }

  /** For a link or a small file. */
  static Path fresh(Path blobs) {
    return blobs.resolve("larder." + unique() + ".tmp");
  }

  /** For a copy of the blob {@code name}, called as Python calls a download of it. */
  static Path unfinished(Path name) {
    return name.resolveSibling(name.getFileName() + "." + unique() + UNFINISHED);
  }

  /** Whether something may wait under this name, of ours or of another client's. */
  static boolean is(String name) {
    return name.endsWith(UNFINISHED)
        || FRESH.matcher(name).matches()
        || SHARED.matcher(name).matches();
  }

  private static String unique() {
    return HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextInt());
  }

  /**
   * Removes what a process of Larder's left in {@code blobs} when it was killed; looks once per
   * directory. {@code justMade} tells what the time is on that file system.
   */
  void sweepOnce(Path blobs, Path justMade) throws IOException {
    Optional<FileStat> now = disk.stat(justMade);
    if (now.isEmpty() || !swept.add(blobs)) {
      return;
    }
    for (Path path : disk.list(blobs)) {
      if (FRESH.matcher(String.valueOf(path.getFileName())).matches()) {
        sweep(path, now.get().changedNanos() - ABANDONED_NANOS);
      }
    }
  }

  private void sweep(Path path, long before) {
    try {
      if (disk.stat(path).filter(stat -> stat.changedNanos() < before).isPresent()) {
        disk.delete(path);
      }
    } catch (IOException e) {
      log.debug("{} was left behind and cannot be removed: {}", path, e.toString());
    }
  }
}
