package dev.larder.hubcache;

import dev.larder.content.FileStat;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.RepoId;
import dev.larder.store.Flock;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Python's lock of one blob, for the moment in which the blob is removed: while Python holds it, it
 * is about to give the blob its name or a link. Never waited for, never made, never removed.
 */
final class DownloadLock {
  private final Ground ground;

  DownloadLock(Ground ground) {
    this.ground = ground;
  }

  /** A step on files. */
  interface Step {
    void run() throws IOException;
  }

  /**
   * Why nothing was done: Python holds the lock of {@code name} in {@code blobs}, or whether it
   * does cannot be seen.
   */
  Optional<String> guarded(RepoId repo, String name, Step removal) throws IOException {
    // A download is called <etag>.<8 hex>.incomplete, a waiting link .<etag>.<8 hex>.shared.
    String etag = name.startsWith(".") ? name.substring(1) : name;
    int dot = etag.indexOf('.');
    String lock = (dot < 0 ? etag : etag.substring(0, dot)) + ".lock";
    return under(
        ground.root.resolve(".locks").resolve(repo.folder()).resolve(lock),
        "another program is downloading it now",
        removal);
  }

  /**
   * The same for any lock file; one that is not there is held by nobody. {@code held}: what to say
   * of one that is.
   */
  Optional<String> under(Path lock, String held, Step removal) throws IOException {
    Optional<FileStat> there =
        ground.obstacle(HubLayout.parent(lock)).isEmpty()
            ? ground.disk.stat(lock)
            : Optional.empty();
    if (there.filter(stat -> stat.kind() == Kind.FILE).isEmpty()) {
      removal.run();
      return Optional.empty();
    }
    Optional<Flock> mine;
    try {
      mine = Flock.tryExisting(lock);
    } catch (NoSuchFileException _) {
      removal.run(); // It went since the look.
      return Optional.empty();
    } catch (FileSystemException e) {
      String reason =
          e instanceof AccessDeniedException ? "this user may not read it" : e.getReason();
      return Optional.of(
          "whether another program uses it cannot be seen from the lock %s: %s"
              .formatted(lock, reason));
    }
    if (mine.isEmpty()) {
      return Optional.of(held);
    }
    try (Flock _ = mine.get()) {
      removal.run();
      return Optional.empty();
    }
  }
}
