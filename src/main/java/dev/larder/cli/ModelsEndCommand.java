package dev.larder.cli;

import dev.larder.models.ModelName;
import dev.larder.models.RegisteredModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder models unload} and {@code larder models rm}. */
abstract class ModelsEndCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "NAME", description = "As 'larder models ls' prints it.")
  private String name = "";

  ModelsEndCommand(Desk desk) {
    this.desk = desk;
  }

  abstract RegisteredModel end(Larder larder, ModelName model);

  abstract String said(RegisteredModel model);

  @Override
  public Integer call() {
    ModelName wanted = new ModelName(name);
    RegisteredModel model;
    try (Larder larder = desk.open()) {
      model = end(larder, wanted);
    }
    new ModelsOutput(desk).print(model, said(model));
    return ExitCodes.DONE;
  }

  /** {@code larder models unload}. */
  @Command(
      name = "unload",
      description = {
        "Let go of a model that is in the memory of the running server.",
        "Requests that use it end well; nobody who asks from then on gets it without a load."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        ExitCodes.DONE_ROW,
        "1:Failed: no server runs, or no model is registered so.",
        ExitCodes.USAGE_ROW
      },
      footerHeading = "%nExamples:%n",
      footer = {"  larder models unload minilm"})
  static final class Unload extends ModelsEndCommand {
    Unload(Desk desk) {
      super(desk);
    }

    @Override
    RegisteredModel end(Larder larder, ModelName model) {
      return larder.models().unload(model);
    }

    @Override
    String said(RegisteredModel model) {
      return model.registration().name() + " is not in memory.";
    }
  }

  /** {@code larder models rm}. */
  @Command(
      name = "rm",
      description = {
        "Forget a model's name, and let go of it in memory.",
        "Its files stay in the cache; 'larder rm' removes them."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        ExitCodes.DONE_ROW,
        "1:Failed: no model is registered so.",
        ExitCodes.USAGE_ROW
      },
      footerHeading = "%nExamples:%n",
      footer = {"  larder models rm minilm"})
  static final class Remove extends ModelsEndCommand {
    Remove(Desk desk) {
      super(desk);
    }

    @Override
    RegisteredModel end(Larder larder, ModelName model) {
      return larder.models().remove(model);
    }

    @Override
    String said(RegisteredModel model) {
      return "%s is not registered any more; the files of %s stay in the cache."
          .formatted(model.registration().name(), model.registration().repo());
    }
  }
}
