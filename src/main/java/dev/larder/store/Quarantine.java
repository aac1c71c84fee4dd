package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.InvalidName;
import dev.larder.store.BlobStore.QuarantinedFile;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps what did not verify for a person to look at: the newest of each name, so that an upstream
 * that sends wrong bytes again and again cannot fill the disk.
 */
final class Quarantine {
  private static final int READ_ONLY = 0400;

  private final Disk disk;
  private final Path directory;
  private final InstantSource clock;
  private final AtomicLong bytes = new AtomicLong();
  private final Set<Digest> digests = ConcurrentHashMap.newKeySet();

  Quarantine(Disk disk, Path directory, InstantSource clock) {
    this.disk = disk;
    this.directory = directory;
    this.clock = clock;
  }

  /** Counts what lies there already. */
  void load() throws IOException {
    for (Path file : disk.list(directory)) {
      bytes.addAndGet(disk.stat(file).map(FileStat::sizeBytes).orElse(0L));
      remember(name(file));
    }
  }

  /**
   * Moves {@code file} here. A file that has other names as well (in a hub tree, say) keeps its
   * mode: it is the same file there.
   */
  synchronized void take(Path file, String name, String reason) throws IOException {
    FileStat stat = disk.stat(file).orElse(null);
    if (stat == null) {
      return;
    }
    dropEarlier(name);
    if (stat.links() == 1) {
      disk.chmod(file, READ_ONLY);
    }
    disk.rename(file, directory.resolve(name + '.' + clock.millis() + '.' + reason));
    disk.syncDirectory(directory);
    bytes.addAndGet(stat.sizeBytes());
    remember(name);
    StoreLog.LOG
        .atWarn()
        .addKeyValue("name", name)
        .addKeyValue("reason", reason)
        .addKeyValue("bytes", stat.sizeBytes())
        .log("moved a file to quarantine");
  }

  private void dropEarlier(String name) throws IOException {
    for (Path earlier : disk.list(directory)) {
      if (name(earlier).equals(name)) {
        long size = disk.stat(earlier).map(FileStat::sizeBytes).orElse(0L);
        disk.delete(earlier);
        bytes.addAndGet(-size);
      }
    }
  }

  /** Names are {@code <name>.<millis>.<reason>}; others are passed over. */
  static List<QuarantinedFile> files(Disk disk, Path directory) throws IOException {
    List<QuarantinedFile> found = new ArrayList<>();
    for (Path file : disk.list(directory)) {
      String[] parts = BlobLayout.fileName(file).split("\\.", 3);
      if (parts.length == 3 && parts[1].matches("[0-9]{1,15}")) {
        Instant at = Instant.ofEpochMilli(Long.parseLong(parts[1]));
        found.add(new QuarantinedFile(parts[0], at, parts[2]));
      }
    }
    return found;
  }

  private static String name(Path file) {
    String whole = BlobLayout.fileName(file);
    int dot = whole.indexOf('.');
    return dot < 0 ? whole : whole.substring(0, dot);
  }

  private void remember(String name) {
    try {
      digests.add(new Digest(name));
    } catch (InvalidName e) {
      // Named by a git blob id or a stray file's name: no blob is looked up by that.
      StoreLog.LOG.debug("{} in quarantine is no digest", name);
    }
  }

  /** It is about to be taken; {@link #replaced} when it was not. */
  void awaiting(Digest digest) {
    digests.add(digest);
  }

  boolean holds(Digest digest) {
    return digests.contains(digest);
  }

  /** A sound blob of that name is in the store again. */
  void replaced(Digest digest) {
    digests.remove(digest);
  }

  long bytes() {
    return bytes.get();
  }
}
