package dev.larder.provision;

import dev.larder.content.RepoId;
import dev.larder.provision.ProvisionException.ArchiveIo;
import dev.larder.provision.ProvisionException.NothingToImport;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;

/**
 * {@link Archives} over the caches of this process. A backup may hold repos of all of them; a repo
 * that comes in goes to where it lives, and into the first when it is new.
 */
public final class LocalArchives implements Archives {
  private final List<Rooms> caches;
  private final Function<RepoId, Rooms> home;
  private final HubFiles hub;

  /**
   * {@code caches}: one at least; of a repo that several have, the first counts. {@code home}: the
   * one of them that a repo lives in, or comes into. {@code hub}: asked about what is imported,
   * with the caller's own rights.
   */
  public LocalArchives(List<Rooms> caches, Function<RepoId, Rooms> home, HubFiles hub) {
    this.caches = List.copyOf(caches);
    this.home = home;
    this.hub = hub;
  }

  @Override
  public BackupReport backup(BackupRequest request, Follower follower) {
    return new Backup(caches, request, follower).run();
  }

  @Override
  public RestoreReport restore(RestoreRequest request, Follower follower) {
    return new Restore(home, caches.getFirst().clock().instant(), request, follower).run();
  }

  @Override
  public ImportReport take(ImportRequest request, Follower follower) {
    requireDirectory(request.directory());
    return request
        .as()
        .map(repo -> new FolderImport(home.apply(repo), hub, request, repo, follower).run())
        .orElseGet(() -> new CacheImport(home, caches.getFirst(), hub, request, follower).run());
  }

  private static void requireDirectory(Path named) {
    try {
      Outside.requireDirectory(named);
    } catch (NoSuchFileException _) {
      throw new NothingToImport(named, "it does not exist");
    } catch (NotDirectoryException _) {
      throw new NothingToImport(named, "it is no directory");
    } catch (IOException e) {
      throw new ArchiveIo("read " + named, e);
    }
  }

  @Override
  public ExportReport export(ExportRequest request, Follower follower) {
    return new Export(home.apply(request.repo()), caches, request, follower).run();
  }
}
