package dev.larder.serve.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.provision.Archives.ExportReport;
import dev.larder.provision.Archives.ImportReport;
import dev.larder.provision.Archives.RestoreReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What travels between an archive command and the server that owns the store: one request, then a
 * line of JSON for each event. Paths are absolute: both are processes of one user on one machine.
 */
public final class ArchiveMessages {
  private ArchiveMessages() {}

  /** Body of {@code POST /api/store/backup}. */
  public record Backup(@Nullable String file, List<RepoId> repos, boolean overwrite) {}

  /** Body of {@code POST /api/store/restore}. */
  public record Restore(@Nullable String file, boolean dryRun) {}

  /** Body of {@code POST /api/store/import}. */
  public record Import(
      @Nullable String directory,
      @Nullable RepoId as,
      @Nullable Revision revision,
      boolean copy,
      boolean offline) {}

  /** Body of {@code POST /api/store/export}. */
  public record Export(
      @Nullable RepoId repo,
      @Nullable Revision revision,
      @Nullable String directory,
      boolean overwrite) {}

  /** One line of an answer; exactly one member is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Event(
      @Nullable Moved moved,
      @Nullable BackupReport backup,
      @Nullable RestoreReport restored,
      @Nullable ImportReport imported,
      @Nullable ExportReport exported,
      StoreMessages.@Nullable Failure failure) {
    static Event moved(String name, long doneBytes, long totalBytes) {
      return new Event(new Moved(name, doneBytes, totalBytes), null, null, null, null, null);
    }

    static Event of(BackupReport report) {
      return new Event(null, report, null, null, null, null);
    }

    static Event of(RestoreReport report) {
      return new Event(null, null, report, null, null, null);
    }

    static Event of(ImportReport report) {
      return new Event(null, null, null, report, null, null);
    }

    static Event of(ExportReport report) {
      return new Event(null, null, null, null, report, null);
    }

    static Event failed(String code, String message) {
      return new Event(null, null, null, null, null, new StoreMessages.Failure(code, message));
    }
  }

  /** Bytes of all. */
  public record Moved(String name, long doneBytes, long totalBytes) {}
}
