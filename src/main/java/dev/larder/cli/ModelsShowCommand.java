package dev.larder.cli;

import dev.larder.models.ModelName;
import dev.larder.models.RegisteredModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder models show}. */
@Command(
    name = "show",
    description = "All that is known of a registered model.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed: no model is registered so.",
      ExitCodes.USAGE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {"  larder models show minilm", "  larder models show minilm --json"})
final class ModelsShowCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "NAME", description = "As 'larder models ls' prints it.")
  private String name = "";

  ModelsShowCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    ModelName wanted = new ModelName(name);
    RegisteredModel model;
    try (Larder larder = desk.look(desk.settings())) {
      model = larder.models().get(wanted);
    }
    if (desk.json()) {
      desk.printJson(ModelsOutput.json(model));
    } else {
      desk.print(ModelsOutput.described(model, desk.clock().instant()));
    }
    return ExitCodes.DONE;
  }
}
