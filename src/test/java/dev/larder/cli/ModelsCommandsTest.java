package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.models.ModelName;
import dev.larder.models.Registration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ModelsCommandsTest {
  private final CliFixture cli = new CliFixture();

  @AfterEach
  void closeModels() {
    cli.workshop.models.close();
  }

  private Registration registered(String name) {
    return cli.workshop.models.get(new ModelName(name)).registration();
  }

  @Test
  void register_writesDownWhatIsSaid() {
    assertThat(cli.run("models", "register", "minilm", "org/name")).isZero();

    assertThat(cli.out()).isEqualTo("Registered minilm as org/name@main.\n");
    assertThat(registered("minilm"))
        .isEqualTo(
            new Registration(
                new ModelName("minilm"),
                RepoId.model("org/name"),
                Revision.MAIN,
                "primary",
                Optional.empty(),
                Optional.empty()));
    assertThat(cli.workshop.closed).isTrue();
  }

  @Test
  void register_withEverything_isQuietWhenAsked() {
    int code =
        cli.run(
            "models",
            "register",
            "b.2",
            "org/name@v1",
            "--engine",
            "tiny",
            "--file",
            "onnx/q.onnx",
            "--location",
            "secondary",
            "--quiet");

    assertThat(code).isZero();
    assertThat(cli.out()).isEmpty();
    assertThat(registered("b.2"))
        .isEqualTo(
            new Registration(
                new ModelName("b.2"),
                RepoId.model("org/name"),
                new Revision("v1"),
                "secondary",
                Optional.of("tiny"),
                Optional.of("onnx/q.onnx")));
  }

  @Test
  void register_ofAFilesPage_takesTheFile() {
    assertThat(
            cli.run("models", "register", "m", "https://huggingface.co/o/n/blob/main/onnx/q.onnx"))
        .isZero();
    assertThat(registered("m").file()).contains("onnx/q.onnx");
  }

  @ParameterizedTest
  @CsvSource({
    "a/b, org/name, ., 2, model name",
    "a b, org/name, ., 2, model name",
    "m, org/name/x, ., 2, repo name",
    "m, datasets/o/n, ., 2, only a model",
    "m, org/name, --file=../x, 2, ..",
    "m, org/name, --engine=other, 2, there is tiny",
    "here, org/name, ., 1, registered already",
  })
  void register_ofWhatCannotBe_isRefused(
      String name, String repo, String more, int code, String said) {
    cli.workshop.models.add("here");

    assertThat(
            more.equals(".")
                ? cli.run("models", "register", name, repo)
                : cli.run("models", "register", name, repo, more))
        .isEqualTo(code);
    assertThat(cli.err()).contains(said).doesNotContain("\tat ");
    assertThat(cli.out()).isEmpty();
    assertThat(cli.workshop.models.list()).hasSize(1);
  }

  @Test
  void ls_isATable() {
    cli.workshop.models.add("a");
    cli.workshop.models.add("loaded");
    cli.workshop.models.add("pulled");
    cli.run("models", "load", "loaded");
    cli.run("models", "pull", "pulled");

    assertThat(cli.run("models", "ls")).isZero();
    assertThat(cli.out())
        .isEqualTo(
            """
            NAME    REPO        REVISION  ENGINE  STATE       MEMORY
            a       org/a       main      –       registered       –
            loaded  org/loaded  main      tiny    loaded      1.0 kB
            pulled  org/pulled  main      tiny    pulled           –
            """);
    assertThat(cli.run("models", "ls", "-q")).isZero();
    assertThat(cli.out()).isEqualTo("a\nloaded\npulled\n");
    assertThat(cli.run("models", "ls", "--json")).isZero();
    assertThat(cli.out())
        .contains("\"model_name\" : \"a\"", "\"state\" : \"pulled\"", "\"access_count\" : 1");
  }

  @Test
  void ls_ofNothing_printsNothing() {
    assertThat(cli.run("models", "ls")).isZero();
    assertThat(cli.out()).isEmpty();
    assertThat(cli.run("models", "ls", "--json")).isZero();
    assertThat(cli.out().strip()).isEqualTo("[ ]");
  }

  @Test
  void show_saysAllThatIsKnown() {
    cli.workshop.models.add("m");
    assertThat(cli.run("models", "show", "m")).isZero();
    assertThat(cli.out())
        .isEqualTo(
            """
            name        m
            repo        org/m@main
            location    primary
            engine      what suits the repo's files
            registered  just now
            state       registered
            """);
    assertThat(cli.run("models", "show", "m", "--json")).isZero();
    assertThat(cli.out()).contains("\"commit\" : null", "\"loaded\" : null", "\"engine\" : null");

    cli.run("models", "load", "m");
    assertThat(cli.run("models", "show", "m")).isZero();
    assertThat(cli.out())
        .endsWith(
            """
            state       loaded
            commit      0123456789012345678901234567890123456789
            files       1, 1.0 kB, pulled just now
            in memory   1.0 kB, loaded just now; accesses 1, open leases 0
            """);
  }

  @Test
  void pullLoadUnloadRm_sayWhatBecameOfIt() {
    cli.workshop.models.add("m");

    assertThat(cli.run("models", "pull", "m")).isZero();
    assertThat(cli.out()).isEqualTo("m is here: 1 files, 1.0 kB, commit 012345678901.\n");
    assertThat(cli.run("models", "load", "m")).isZero();
    assertThat(cli.out()).isEqualTo("m is in memory: 1.0 kB.\n");
    assertThat(cli.run("models", "unload", "m", "--json")).isZero();
    assertThat(cli.out()).contains("\"state\" : \"pulled\"");
    assertThat(cli.run("models", "rm", "m")).isZero();
    assertThat(cli.out()).contains("not registered any more", "org/m stay in the cache");
    assertThat(cli.workshop.models.list()).isEmpty();
  }

  @Test
  void pull_onATerminal_leavesNoBarBehind() {
    cli.workshop.models.add("m");
    cli.interactive = true;

    assertThat(cli.run("models", "pull", "m")).isZero();
    assertThat(cli.err()).contains("100%").endsWith("\r\033[K");
    cli.interactive = false;
    assertThat(cli.run("models", "pull", "m")).isZero();
    assertThat(cli.err()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"show", "pull", "load", "unload", "rm"})
  void nameThatNobodyRegistered_is1_andOneThatIsNone2(String command) {
    assertThat(cli.run("models", command, "nobody")).isEqualTo(1);
    assertThat(cli.err()).contains("No model is registered as 'nobody'", "larder models ls");
    assertThat(cli.run("models", command, "no/body")).isEqualTo(2);
    assertThat(cli.run("models", command)).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"register", "ls", "show", "pull", "load", "unload", "rm"})
  void help_hasExamplesAndExitCodes(String command) {
    assertThat(cli.run("models", command, "--help")).isZero();
    assertThat(cli.out())
        .startsWith("Usage: larder models " + command)
        .contains("Exit codes:", "Examples:", "  larder models " + command);
  }

  @Test
  void models_alone_isItsHelp_andCompletionKnowsIt() {
    assertThat(cli.run("models")).isEqualTo(2);
    assertThat(cli.err()).startsWith("Usage: larder models");
    assertThat(cli.run("completion")).isZero();
    assertThat(cli.out()).contains("_picocli_larder_models_register");
  }
}
