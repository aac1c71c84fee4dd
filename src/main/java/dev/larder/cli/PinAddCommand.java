package dev.larder.cli;

import dev.larder.upkeep.Budget;
import dev.larder.upkeep.Budget.Pin;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder pin add}. */
@Command(
    name = "add",
    description = {
      "Keep a repo, or one revision of it, from being evicted; it need not be here yet.",
      "Pinning it again as the same owner sets another end and note."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      ExitCodes.FAILED_ROW,
      ExitCodes.USAGE_ROW,
      "7:No space: pins would keep more than 80 %% of LARDER_MAX_SIZE."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder pin add org/name",
      "  larder pin add org/name@v1.0 --for 90d",
      "  larder pin add datasets/org/evals --owner ci --note 'nightly evaluation'"
    })
final class PinAddCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "TARGET", description = PinTarget.HELP)
  private String target = "";

  @Option(
      names = "--owner",
      paramLabel = "NAME",
      description = "Whose wish it is; yours if not given.")
  private String owner = PinTarget.user();

  @Option(
      names = "--for",
      paramLabel = "AGE",
      description = "How long it holds, like 12h or 30d; until it is taken away when not given.")
  private @Nullable String lifetime;

  @Option(names = "--note", paramLabel = "TEXT", description = "Why, for whoever wants the space.")
  private String note = "";

  PinAddCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    RepoAddress address = PinTarget.parse(target, desk);
    Optional<Duration> time = Optional.ofNullable(lifetime).map(Ages::parse);
    var wish = new Budget.Wish(address.repo(), address.revision(), owner, time, note);
    Pin pin;
    try (Larder larder = desk.open()) {
      pin = larder.budget().pin(wish);
    }
    if (desk.json()) {
      desk.printJson(PinOutput.json(pin));
    } else if (!desk.quiet()) {
      desk.print(Visible.of(PinOutput.sentence(pin)));
    }
    return ExitCodes.DONE;
  }
}
