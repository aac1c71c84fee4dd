package dev.larder.serve.api;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.PullResult;
import dev.larder.mirror.PulledFile;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.VerifyReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What travels between a command and the server that owns the store: one request, then a line of
 * JSON for each event.
 */
public final class StoreMessages {
  /** Carries the secret of {@code LOCK}: only the same user can know it. */
  public static final String SECRET_HEADER = "X-Larder-Secret";

  /** Carries the caller's own token for the upstream. */
  public static final String TOKEN_HEADER = "X-Larder-Upstream-Token";

  private StoreMessages() {}

  /** Body of {@code POST /api/store/pull}. */
  public record Pull(
      RepoId repo,
      Revision revision,
      List<String> files,
      List<String> include,
      List<String> exclude,
      boolean dryRun,
      boolean offline) {}

  /** Body of {@code POST /api/store/verify}: targets as {@code org/name@revision}. */
  public record Verify(List<String> targets, boolean repair, boolean offline) {}

  /** One line of an answer; exactly one member is there. */
  public record Event(
      @JsonSetter(nulls = Nulls.SET) @Nullable List<PulledFile> planned,
      @Nullable Progress progress,
      @Nullable PulledFile done,
      @Nullable PullResult pulled,
      @Nullable Checked checked,
      @Nullable Finding found,
      @Nullable VerifyReport verified,
      @Nullable Failure failure) {
    static Event planned(List<PulledFile> files) {
      return new Event(files, null, null, null, null, null, null, null);
    }

    static Event progress(EntryPath path, long landedBytes, long totalBytes) {
      return new Event(
          null, new Progress(path, landedBytes, totalBytes), null, null, null, null, null, null);
    }

    static Event done(PulledFile file) {
      return new Event(null, null, file, null, null, null, null, null);
    }

    static Event pulled(PullResult result) {
      return new Event(null, null, null, result, null, null, null, null);
    }

    static Event checked(String name, long checkedBytes, long totalBytes) {
      return new Event(
          null, null, null, null, new Checked(name, checkedBytes, totalBytes), null, null, null);
    }

    static Event found(Finding finding) {
      return new Event(null, null, null, null, null, finding, null, null);
    }

    static Event verified(VerifyReport report) {
      return new Event(null, null, null, null, null, null, report, null);
    }

    static Event failed(String code, String message) {
      return new Event(null, null, null, null, null, null, null, new Failure(code, message));
    }
  }

  /** Bytes of one file. */
  public record Progress(EntryPath path, long landedBytes, long totalBytes) {}

  /** Bytes of a verification. */
  public record Checked(String name, long checkedBytes, long totalBytes) {}

  /** Why it ended badly. */
  public record Failure(String code, String message) {}
}
