package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.settings.Settings;
import dev.larder.upkeep.RepoListing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code larder ls}. */
@Command(
    name = "ls",
    description = "What is cached.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder ls",
      "  larder ls --files --filter type=dataset",
      "  larder ls --filter 'size>1GB' --filter 'accessed>30d'   large, and not used for 30 days",
      "  larder ls --json"
    })
final class LsCommand implements Callable<Integer> {
  private final Desk desk;

  @Option(names = "--files", description = "Print the files of every snapshot.")
  private boolean files;

  @Option(
      names = {"-f", "--filter"},
      paramLabel = "EXPR",
      description = {
        "key op value; all given must hold. Keys: accessed, modified (time since, like 7d),"
            + " size (like 1GB), refs, type. Ops: = != > < >= <=, for refs and type only =."
      })
  private List<String> filters = new ArrayList<>();

  LsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    List<ListingFilter> parsed = filters.stream().map(ListingFilter::parse).toList();
    Instant now = desk.clock().instant();
    Settings settings = desk.settings();
    List<RepoListing> all;
    try (Larder larder = desk.look(settings)) {
      all = larder.list();
    }
    sayWhatKeepsNothing(parsed, all, now);
    List<RepoListing> shown =
        all.stream()
            .filter(repo -> parsed.stream().allMatch(filter -> filter.keeps(repo, now)))
            .sorted(Comparator.comparing(RepoListing::repo))
            .toList();
    print(shown, now);
    if (!desk.json()) {
      long bytes = shown.stream().mapToLong(RepoListing::sizeBytes).sum();
      desk.remark(
          "%d repos, %s, in %s.".formatted(shown.size(), Sizes.format(bytes), settings.hubCache()));
    }
    return ExitCodes.DONE;
  }

  /** A value with a typing error keeps nothing as well. */
  private void sayWhatKeepsNothing(
      List<ListingFilter> filters, List<RepoListing> repos, Instant now) {
    for (ListingFilter filter : filters) {
      if (!repos.isEmpty() && repos.stream().noneMatch(repo -> filter.keeps(repo, now))) {
        desk.warn("--filter '%s' keeps none of %d repos.".formatted(filter.text(), repos.size()));
      }
    }
  }

  private void print(List<RepoListing> repos, Instant now) {
    ListingOutput output = new ListingOutput(repos, now);
    if (desk.json()) {
      desk.printJson(output.json(files));
    } else if (desk.quiet()) {
      repos.forEach(repo -> desk.print(repo.repo().toString()));
    } else if (!repos.isEmpty()) {
      desk.print(files ? output.fileLines() : output.repoLines());
    }
  }
}
