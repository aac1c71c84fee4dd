package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.LeftOutFile;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.mirror.PulledFile;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Prints what a pull brought. The last line of text is the snapshot's path, alone. */
record PullOutput(Desk desk, PullRequest request) {
  void printText(PullResult result) {
    if (result.stale()) {
      desk.warn("the hub could not confirm " + request.revision() + "; the cached commit is used.");
    }
    sayWhereItStays(result);
    sayWhatIsLeftOut(result);
    sayWhatBroughtNothing(result);
    if (result.files().isEmpty() && result.leftOut().isEmpty()) {
      desk.warn("no file of " + request.repo() + " was selected.");
    }
    if (request.dryRun() && !desk.quiet()) {
      printPlan(result);
    } else {
      desk.remark(summary(result));
    }
    desk.print(result.snapshot().toString());
  }

  void printJson(PullResult result) {
    sayWhereItStays(result);
    sayWhatIsLeftOut(result);
    sayWhatBroughtNothing(result);
    desk.printJson(
        Json.object(
            "repo", result.repo(),
            "type", result.repo().kind().word(),
            "revision", request.revision(),
            "commit", result.commit(),
            "path", result.snapshot(),
            "location", result.location(),
            "dry_run", request.dryRun(),
            "stale", result.stale(),
            "size_bytes", result.totalBytes(),
            "missing_bytes", result.missingBytes(),
            "bytes_from_upstream", result.upstreamBytes(),
            "files", result.files().stream().map(PullOutput::file).toList(),
            "skipped", result.leftOut().stream().map(PullOutput::leftOut).toList(),
            "unmatched", unmatched(result)));
  }

  private void sayWhereItStays(PullResult result) {
    request
        .location()
        .filter(wanted -> !wanted.equals(result.location()))
        .ifPresent(
            wanted ->
                desk.warn(
                    "%s lives in the location %s already and stays there, not in %s."
                        .formatted(request.repo(), result.location(), wanted)));
  }

  private static Map<String, @Nullable Object> leftOut(LeftOutFile file) {
    return Json.object("path", file.path(), "reason", file.reason());
  }

  /** Patterns of {@code --include} that selected nothing: perhaps mistyped. */
  private List<String> unmatched(PullResult result) {
    FileSelection given = request.selection();
    return given.files().isEmpty()
        ? given.include().stream().filter(pattern -> !selects(pattern, result)).toList()
        : List.of();
  }

  private static boolean selects(String pattern, PullResult result) {
    FileSelection alone = new FileSelection(List.of(), List.of(pattern), List.of());
    return Stream.concat(
            result.files().stream().map(PulledFile::path),
            result.leftOut().stream().map(LeftOutFile::path))
        .anyMatch(alone::selects);
  }

  private void sayWhatBroughtNothing(PullResult result) {
    unmatched(result)
        .forEach(
            pattern ->
                desk.warn(
                    "--include '%s' selects no file of %s.".formatted(pattern, request.repo())));
  }

  private void sayWhatIsLeftOut(PullResult result) {
    int count = result.leftOut().size();
    if (count > 0) {
      desk.warn(
          "left out %d %s of %s for %s: %s."
              .formatted(
                  count,
                  count == 1 ? "file" : "files",
                  request.repo(),
                  count == 1 ? "its name" : "their names",
                  LeftOutFile.words(result.leftOut())));
    }
  }

  private static Map<String, @Nullable Object> file(PulledFile file) {
    return Json.object(
        "path", file.path(),
        "size_bytes", file.sizeBytes() < 0 ? null : file.sizeBytes(),
        "state", word(file.state()));
  }

  private void printPlan(PullResult result) {
    TextTable table = new TextTable("FILE", ">SIZE", "STATE");
    for (PulledFile file : result.files()) {
      table.row(file.path().value(), size(file.sizeBytes()), word(file.state()));
    }
    desk.print(table.lines());
    desk.print(
        "Would fetch %d of %d files, %s."
            .formatted(
                count(result, PulledFile.State.MISSING),
                result.files().size(),
                Sizes.format(result.missingBytes())));
  }

  private static String summary(PullResult result) {
    return "%s at %s: %d files, %s; %d fetched (%s from upstream), %d were here."
        .formatted(
            result.repo(),
            result.commit().hex().substring(0, 12),
            result.files().size(),
            Sizes.format(result.totalBytes()),
            count(result, PulledFile.State.FETCHED),
            Sizes.format(result.upstreamBytes()),
            count(result, PulledFile.State.CACHED));
  }

  private static long count(PullResult result, PulledFile.State state) {
    return result.files().stream().filter(file -> file.state() == state).count();
  }

  private static String size(long bytes) {
    return bytes < 0 ? "?" : Sizes.format(bytes);
  }

  private static String word(PulledFile.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
