package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.mirror.Caller;
import dev.larder.models.ModelName;
import dev.larder.models.RegisteredModel;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code larder models pull} and {@code larder models load}. */
abstract class ModelsBringCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(paramLabel = "NAME", description = "As 'larder models ls' prints it.")
  private String name = "";

  ModelsBringCommand(Desk desk) {
    this.desk = desk;
  }

  abstract RegisteredModel bring(Larder larder, ModelName model, PullProgress progress);

  abstract String said(RegisteredModel model);

  @Override
  public Integer call() {
    ModelName wanted = new ModelName(name);
    RegisteredModel model;
    try (Larder larder = desk.open();
        PullProgress progress = new PullProgress(desk.progress())) {
      model = bring(larder, wanted, progress);
    }
    new ModelsOutput(desk).print(model, said(model));
    return ExitCodes.DONE;
  }

  /** {@code larder models pull}. */
  @Command(
      name = "pull",
      description = {
        "Bring what the engine needs of a model's repo into the cache, as it is now.",
        "What is in memory stays as it is; 'unload' and 'load' take the new files."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        ExitCodes.DONE_ROW,
        ExitCodes.FAILED_ROW,
        ExitCodes.USAGE_ROW,
        ExitCodes.UNVERIFIED_ROW,
        ExitCodes.NOT_ALLOWED_ROW,
        ExitCodes.UNREACHABLE_ROW,
        ExitCodes.NO_SPACE_ROW
      },
      footerHeading = "%nExamples:%n",
      footer = {"  larder models pull minilm", "  larder models pull minilm --json"})
  static final class Pull extends ModelsBringCommand {
    Pull(Desk desk) {
      super(desk);
    }

    @Override
    RegisteredModel bring(Larder larder, ModelName model, PullProgress progress) {
      return larder.models().pull(model, Caller.ANONYMOUS, progress);
    }

    @Override
    String said(RegisteredModel model) {
      return model
          .pulled()
          .map(
              here ->
                  "%s is here: %d files, %s, commit %s."
                      .formatted(
                          model.registration().name(),
                          here.files(),
                          Sizes.format(here.sizeBytes()),
                          here.commit().hex().substring(0, 12)))
          .orElseGet(() -> model.registration().name() + " is not here.");
    }
  }

  /** {@code larder models load}. */
  @Command(
      name = "load",
      description = {
        "Bring a model into the memory of the running server, and its files here before if needed.",
        "Does nothing to one that is loaded. One that nobody uses for ten minutes goes again."
      },
      exitCodeListHeading = "%nExit codes:%n",
      exitCodeList = {
        ExitCodes.DONE_ROW,
        "1:Failed: no server runs, or it has no memory for the model, or cannot load it.",
        ExitCodes.USAGE_ROW,
        ExitCodes.UNVERIFIED_ROW,
        ExitCodes.NOT_ALLOWED_ROW,
        ExitCodes.UNREACHABLE_ROW,
        ExitCodes.NO_SPACE_ROW
      },
      footerHeading = "%nExamples:%n",
      footer = {"  larder models load minilm", "  larder models load minilm --json"})
  static final class Load extends ModelsBringCommand {
    Load(Desk desk) {
      super(desk);
    }

    @Override
    RegisteredModel bring(Larder larder, ModelName model, PullProgress progress) {
      return larder.models().load(model, Caller.ANONYMOUS, progress);
    }

    @Override
    String said(RegisteredModel model) {
      return model
          .loaded()
          .map(
              memory ->
                  "%s is in memory: %s."
                      .formatted(model.registration().name(), Sizes.format(memory.sizeBytes())))
          .orElseGet(() -> model.registration().name() + " was let go of again already.");
    }
  }
}
