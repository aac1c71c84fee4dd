package dev.larder.cli;

import dev.larder.access.Tokens;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder token create}. */
@Command(
    name = "create",
    description = {
      "Make a token and print it. It is shown this once and kept by nobody.",
      "Clients send it as they would send a token of the hub, in HF_TOKEN."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed: there is a token of that name already.",
      ExitCodes.USAGE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder token create ann",
      "  larder token create ci --group builders --group nightly --expires 90d",
      "  export HF_TOKEN=$(larder token create laptop)"
    })
final class TokenCreateCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "NAME", description = "Whose token it is; not used by another one.")
  private String name = "";

  @Option(
      names = "--group",
      paramLabel = "GROUP",
      description = "A group it is in; may be repeated. Everybody is in 'everyone'.")
  private List<String> groups = new ArrayList<>();

  @Option(
      names = "--expires",
      paramLabel = "AGE",
      description = "How long it is good, like 12h or 90d; until it is revoked when not given.")
  private @Nullable String expires;

  TokenCreateCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Optional<Duration> lifetime = Optional.ofNullable(expires).map(Ages::parse);
    Tokens.Wish wish = new Tokens.Wish(name, Set.copyOf(groups), lifetime);
    Tokens.Issued issued;
    try (Larder larder = desk.open()) {
      issued = larder.tokens().create(wish);
    }
    if (desk.json()) {
      Map<String, @Nullable Object> json = TokenOutput.json(issued.account());
      json.put("token", issued.token());
      desk.printJson(json);
    } else {
      desk.print(issued.token());
      desk.remark("Shown this once; keep it where secrets are kept.");
    }
    return ExitCodes.DONE;
  }
}
