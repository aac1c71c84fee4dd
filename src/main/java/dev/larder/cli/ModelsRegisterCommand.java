package dev.larder.cli;

import dev.larder.content.EntryPath;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import dev.larder.models.ModelName;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder models register}. */
@Command(
    name = "register",
    description = {
      "Give a repo a name under which it is loaded. Nothing is fetched.",
      "The name is good in every host and container that uses this cache."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed: there is a model of that name already.",
      "2:Wrong usage: no such name, repo, engine or location can be."
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder models register minilm sentence-transformers/all-MiniLM-L6-v2",
      "  larder models register bge BAAI/bge-small-en-v1.5@v1.0 --location secondary",
      "  larder models register tiny org/name --engine onnx --file onnx/model_quantized.onnx"
    })
final class ModelsRegisterCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(
      index = "0",
      paramLabel = "NAME",
      description = "1 to 96 letters, digits, dots, underscores and hyphens.")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "REPO",
      description = "org/name; with @REVISION behind it a branch, tag or commit.")
  private String repo = "";

  @Option(
      names = "--engine",
      paramLabel = "NAME",
      description = "What loads it, like onnx or opennlp; what suits its files when not given.")
  private @Nullable String engine;

  @Option(
      names = "--file",
      paramLabel = "PATH",
      description = "The weights, where the repo has several; the engine chooses when not given.")
  private @Nullable String file;

  @Option(
      names = "--location",
      paramLabel = "NAME",
      description = "Where to keep the repo if it is nowhere yet; 'primary' when not given.")
  private String location = Registration.PRIMARY;

  ModelsRegisterCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Registration wish = registration();
    RegisteredModel made;
    try (Larder larder = desk.open()) {
      made = larder.models().register(wish);
    }
    ModelsOutput output = new ModelsOutput(desk);
    output.print(
        made, "Registered %s as %s@%s.".formatted(wish.name(), wish.repo(), wish.revision()));
    return ExitCodes.DONE;
  }

  private Registration registration() {
    RepoAddress address = RepoAddress.parse(repo, desk.settings().hubUpstream());
    if (address.repo().kind() != RepoKind.MODEL) {
      throw new UsageException(
          "%s is a %s; only a model can be loaded."
              .formatted(address.repo(), address.repo().kind().word()));
    }
    Optional<String> named =
        Optional.ofNullable(file).or(() -> address.files().stream().findFirst());
    return new Registration(
        new ModelName(name),
        address.repo(),
        address.revision().orElse(Revision.MAIN),
        location,
        Optional.ofNullable(engine),
        named.map(path -> new EntryPath(path).value()));
  }
}
