package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.settings.Settings;
import dev.larder.upkeep.ListRequest;
import dev.larder.upkeep.RepoListing;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
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
      "  larder ls --sort size --filter state=complete           the largest first",
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
            + " size (like 1GB); refs, type, state (complete, partial, unknown, damaged), pinned"
            + " (yes, no), source (hf), location. Ops: = != > < >= <=, from refs on only =."
      })
  private List<String> filters = new ArrayList<>();

  @Option(
      names = "--sort",
      paramLabel = "KEY",
      defaultValue = "name",
      description = "name, size (the largest first), used or modified (the latest first).")
  private String sort = "name";

  @Option(names = "--reverse", description = "The other way round.")
  private boolean reverse;

  @Option(
      names = "--rescan",
      description = "Read every folder anew, also those that look as they did the last time.")
  private boolean rescan;

  LsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    List<ListingFilter> parsed = filters.stream().map(ListingFilter::parse).toList();
    ListingOrder order = ListingOrder.parse(sort);
    Instant now = desk.clock().instant();
    Settings settings = desk.settings();
    List<RepoListing> all;
    try (Larder larder = desk.look(settings)) {
      all = larder.list(new ListRequest(files, rescan));
    }
    sayWhatKeepsNothing(parsed, all, now);
    List<RepoListing> shown =
        all.stream()
            .filter(repo -> parsed.stream().allMatch(filter -> filter.keeps(repo, now)))
            .sorted(order.comparator(reverse))
            .toList();
    boolean located =
        settings.locations().size() > 1
            || all.stream().map(RepoListing::location).distinct().count() > 1;
    print(new ListingOutput(shown, now, located));
    if (!desk.json()) {
      desk.remark(total(shown, settings));
    }
    return ExitCodes.DONE;
  }

  private static String total(List<RepoListing> repos, Settings settings) {
    long bytes = RepoListing.totalBytes(repos);
    long sum = repos.stream().mapToLong(RepoListing::sizeBytes).sum();
    return "%d repos, %s, in %s.%s"
        .formatted(
            repos.size(),
            Sizes.format(bytes),
            settings.locations().stream()
                .map(location -> location.hub().toString())
                .collect(Collectors.joining(", ")),
            sum == bytes
                ? ""
                : " Files that several repos share are counted once; their sizes add up to %s."
                    .formatted(Sizes.format(sum)));
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

  private void print(ListingOutput output) {
    List<RepoListing> repos = output.repos();
    if (desk.json()) {
      desk.printJson(output.json(files));
    } else if (desk.quiet()) {
      repos.forEach(repo -> desk.print(repo.repo().toString()));
    } else if (!repos.isEmpty()) {
      desk.print(files ? output.fileLines() : output.repoLines());
    }
  }
}
