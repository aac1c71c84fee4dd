package dev.larder.provision;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Repos carried from one place to another. Paths are absolute and the caller's own: whoever asks is
 * the user who runs this process. Everything blocks and throws {@link
 * dev.larder.content.LarderException}; safe for concurrent use.
 */
public interface Archives {
  /** Writes one archive. What cannot be read whole is left out, and the report says so. */
  BackupReport backup(BackupRequest request, Follower follower);

  /** Reads all of an archive and compares every hash; then, unless it is a dry run, publishes. */
  RestoreReport restore(RestoreRequest request, Follower follower);

  /** Takes in another cache, or a folder of files, from this machine. */
  ImportReport take(ImportRequest request, Follower follower);

  /** Writes the files of a snapshot as ordinary ones. */
  ExportReport export(ExportRequest request, Follower follower);

  /** Of {@code repos}, or of everything when there are none. {@code overwrite}: replace a file. */
  record BackupRequest(Path file, List<RepoId> repos, boolean overwrite) {
    public BackupRequest {
      repos = List.copyOf(repos);
    }
  }

  /** {@code dryRun}: only read and check. */
  record RestoreRequest(Path file, boolean dryRun) {}

  /**
   * {@code as}: what a folder of files is; empty for another cache. {@code revision}: which of the
   * repo's, when the hub is asked. {@code copy}: never share a file with the directory.
   */
  record ImportRequest(Path directory, Optional<RepoId> as, Revision revision, boolean copy) {}

  /** {@code revision}: empty for main. {@code overwrite}: write into a directory with files too. */
  record ExportRequest(
      RepoId repo, Optional<Revision> revision, Path directory, boolean overwrite) {}

  /**
   * Something that is not in the result, and why: a sentence without its full stop. {@code wrong}:
   * because its bytes are not those that they should be.
   */
  record LeftOut(String what, String why, boolean wrong) {
    LeftOut(String what, String why) {
      this(what, why, false);
    }
  }

  /**
   * What a backup holds: {@code sizeBytes} of files and documents in an archive of {@code
   * archiveBytes}.
   */
  record BackupReport(
      Path file,
      List<RepoId> repos,
      long blobs,
      long sizeBytes,
      long archiveBytes,
      List<LeftOut> leftOut) {
    public BackupReport {
      repos = List.copyOf(repos);
      leftOut = List.copyOf(leftOut);
    }
  }

  /** A branch or tag that stays as it was, and what the archive would have made of it. */
  record KeptRef(RepoId repo, Revision revision, String here, String archived) {}

  /**
   * What an archive held and what came of it. {@code newBytes} were not here before. {@code ours}:
   * a backup of Larder's, and not a packed cache.
   */
  record RestoreReport(
      Path file,
      boolean ours,
      boolean dryRun,
      List<RepoId> repos,
      long files,
      long sizeBytes,
      long newBytes,
      List<KeptRef> keptRefs,
      List<LeftOut> leftOut) {
    public RestoreReport {
      repos = List.copyOf(repos);
      keptRefs = List.copyOf(keptRefs);
      leftOut = List.copyOf(leftOut);
    }
  }

  /** How far the identity of what was imported is known. */
  enum Checked {
    /** The hub has these very files. */
    HUB,
    /** The hub could not be asked; the bytes match the names they had. */
    NAMES,
    /** The hub has no such repo, or could not be asked: the commit is made from the files. */
    LOCAL
  }

  /** One repo that was imported. */
  record ImportedRepo(
      RepoId repo, List<String> commits, long files, long sizeBytes, Checked checked) {
    public ImportedRepo {
      commits = List.copyOf(commits);
    }
  }

  /** {@code copiedBytes}: of files that could not be shared with the directory. */
  record ImportReport(
      Path directory,
      List<ImportedRepo> repos,
      long copiedBytes,
      List<KeptRef> keptRefs,
      List<LeftOut> leftOut) {
    public ImportReport {
      repos = List.copyOf(repos);
      keptRefs = List.copyOf(keptRefs);
      leftOut = List.copyOf(leftOut);
    }
  }

  /** {@code missing}: files of the snapshot that are not in the cache. */
  record ExportReport(
      RepoId repo,
      String commit,
      Path directory,
      long files,
      long sizeBytes,
      List<String> missing,
      List<LeftOut> leftOut) {
    public ExportReport {
      missing = List.copyOf(missing);
      leftOut = List.copyOf(leftOut);
    }
  }

  /** Follows the work. Called by one thread at a time. */
  interface Follower {
    Follower NONE = (_, _, _) -> {};

    /** So many bytes are done of so many, {@code name} just now. */
    void progress(String name, long doneBytes, long totalBytes);
  }
}
