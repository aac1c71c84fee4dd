package dev.larder.cli;

import dev.larder.provision.Archives;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers with what a test put here, and remembers what was asked. */
final class FakeArchives implements Archives {
  private final List<Object> asked;
  @Nullable BackupReport backedUp;
  @Nullable RestoreReport restored;
  @Nullable ImportReport imported;
  @Nullable ExportReport exported;

  FakeArchives(List<Object> asked) {
    this.asked = asked;
  }

  @Override
  public BackupReport backup(BackupRequest request, Follower follower) {
    asked.add(request);
    return backedUp;
  }

  @Override
  public RestoreReport restore(RestoreRequest request, Follower follower) {
    asked.add(request);
    return restored;
  }

  @Override
  public ImportReport take(ImportRequest request, Follower follower) {
    asked.add(request);
    return imported;
  }

  @Override
  public ExportReport export(ExportRequest request, Follower follower) {
    asked.add(request);
    return exported;
  }
}
