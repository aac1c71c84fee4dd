package dev.larder.cli;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens;
import dev.larder.access.Tokens.GrantChange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder token grant} and {@code larder token ungrant}. */
abstract class GrantCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      index = "0",
      paramLabel = "GROUP",
      description = "A group of tokens; 'everyone' is every caller, anonymous ones too.")
  private String group = "";

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "PATTERN",
      description = "Repos, like org/name, 'org/*', datasets/org/name, 'spaces/*'.")
  private List<String> patterns = new ArrayList<>();

  GrantCommand(Desk desk) {
    this.desk = desk;
  }

  abstract GrantChange change(String of, List<RepoPattern> repos);

  @Override
  public Integer call() {
    GrantChange change = change(group, patterns.stream().map(RepoPattern::parse).toList());
    List<Tokens.Grant> left;
    try (Larder larder = desk.open()) {
      Tokens tokens = larder.tokens();
      tokens.change(change);
      left = tokens.grants().stream().filter(each -> each.group().equals(group)).toList();
    }
    if (desk.json()) {
      desk.printJson(left.stream().map(TokenOutput::json).toList());
    } else {
      desk.remark(
          left.isEmpty()
              ? "Group '%s' has no grants now.".formatted(group)
              : "Group '%s' may read %s."
                  .formatted(
                      group, String.join(", ", left.stream().map(Tokens.Grant::pattern).toList())));
    }
    return ExitCodes.DONE;
  }

  @Command(
      name = "grant",
      description = "Let a group read restricted repos, from the next request on.",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
      footerHeading = "%nExamples:%n",
      footer = {
        "  larder token grant builders 'org/*' datasets/org/evals",
        "  larder token grant everyone org/name     all callers, and the shared cache directory"
      })
  static final class Give extends GrantCommand {
    Give(Desk desk) {
      super(desk);
    }

    @Override
    GrantChange change(String of, List<RepoPattern> repos) {
      return new GrantChange(of, repos, List.of());
    }
  }

  @Command(
      name = "ungrant",
      description = "Take a grant away, from the next request on. It is written as it was given.",
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        ExitCodes.DONE_ROW,
        "1:Failed: the group has no such grant.",
        ExitCodes.USAGE_ROW
      },
      footerHeading = "%nExamples:%n",
      footer = "  larder token ungrant builders 'org/*'")
  static final class Take extends GrantCommand {
    Take(Desk desk) {
      super(desk);
    }

    @Override
    GrantChange change(String of, List<RepoPattern> repos) {
      return new GrantChange(of, List.of(), repos);
    }
  }
}
