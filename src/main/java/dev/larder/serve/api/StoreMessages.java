package dev.larder.serve.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import com.fasterxml.jackson.annotation.Nulls;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.PullResult;
import dev.larder.mirror.PulledFile;
import dev.larder.upkeep.Finding;
import dev.larder.upkeep.ScrubStatus;
import dev.larder.upkeep.VerifyReport;
import java.util.List;
import java.util.SequencedMap;
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
      boolean offline,
      @Nullable String location) {}

  /** Body of {@code POST /api/store/verify}: targets as {@code org/name@revision}. */
  public record Verify(List<String> targets, boolean repair, boolean offline) {}

  /** Body of {@code POST /api/tokens}. Without an end the token is good until it is revoked. */
  public record NewToken(String name, List<String> groups, @Nullable Long expiresSeconds) {
    public NewToken {
      name = said(name);
      groups = listed(groups);
    }
  }

  /** Body of {@code POST /api/tokens/revoke}: a name or an id. */
  public record RevokedToken(String token) {
    public RevokedToken {
      token = said(token);
    }
  }

  /** Body of {@code POST /api/grants}: patterns like {@code org/*}. */
  public record Grants(String group, List<String> given, List<String> taken) {
    public Grants {
      group = said(group);
      given = listed(given);
      taken = listed(taken);
    }
  }

  /**
   * Body of {@code POST} and {@code DELETE /api/store/pins}. Without a revision it is the repo's;
   * without an end it holds until it is taken away.
   */
  public record NewPin(
      String repo,
      @Nullable String revision,
      String owner,
      @Nullable Long expiresSeconds,
      String note) {
    public NewPin {
      repo = said(repo);
      owner = said(owner);
      note = said(note);
    }
  }

  /**
   * Answer of {@code GET /api/store/scrub}: how far primary is, and where there are several
   * locations, each by its name.
   */
  public record Scrubs(
      @JsonUnwrapped ScrubStatus primary,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Scrubbed> locations) {
    static Scrubs of(SequencedMap<String, ScrubStatus> all) {
      List<Scrubbed> each =
          all.entrySet().stream().map(one -> new Scrubbed(one.getKey(), one.getValue())).toList();
      return new Scrubs(each.getFirst().status(), each.size() == 1 ? List.of() : each);
    }
  }

  /** How far one location is. */
  public record Scrubbed(String name, @JsonUnwrapped ScrubStatus status) {}

  /** What a body leaves out is empty, and then refused as any other name that is none. */
  private static String said(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static List<String> listed(@Nullable List<@Nullable String> list) {
    return list == null ? List.of() : list.stream().map(StoreMessages::said).toList();
  }

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
