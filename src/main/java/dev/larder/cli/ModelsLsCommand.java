package dev.larder.cli;

import dev.larder.models.RegisteredModel;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code larder models ls}. */
@Command(
    name = "ls",
    description = "The registered models, and which of them are in memory.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.FAILED_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {"  larder models ls", "  larder models ls --json"})
final class ModelsLsCommand implements Callable<Integer> {
  private final Desk desk;

  ModelsLsCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    List<RegisteredModel> all;
    try (Larder larder = desk.look(desk.settings())) {
      all = larder.models().list();
    }
    if (desk.json()) {
      desk.printJson(all.stream().map(ModelsOutput::json).toList());
    } else if (desk.quiet()) {
      all.forEach(model -> desk.print(model.registration().name().value()));
    } else if (!all.isEmpty()) {
      desk.print(ModelsOutput.lines(all));
    }
    return ExitCodes.DONE;
  }
}
