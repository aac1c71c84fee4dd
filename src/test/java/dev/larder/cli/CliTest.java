package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.settings.Setting;
import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts all commands share, and the small commands. */
class CliTest {
  private final CliFixture cli = new CliFixture();

  @ParameterizedTest
  @ValueSource(strings = {"--version", "-V"})
  void version_prints_oneLine(String flag) {
    assertThat(cli.run(flag)).isZero();
    assertThat(cli.out()).startsWith("larder ").hasLineCount(1);
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void version_brokenSettings_stillAnswers() {
    cli.environment.put("LARDER_PROT", "1");

    assertThat(cli.run("--version")).isZero();
    assertThat(cli.run("--home", "/x", "--version")).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "demo",
        "serve",
        "pull",
        "ls",
        "verify",
        "backup",
        "restore",
        "import",
        "export",
        "stats",
        "pin",
        "pin add",
        "pin ls",
        "pin rm",
        "token",
        "token create",
        "token ls",
        "token revoke",
        "token grant",
        "token ungrant",
        "env",
        "config",
        "config reference",
        "completion"
      })
  void help_ofEveryCommand_hasExitCodesAndExamples(String command) {
    assertThat(cli.run((command + " --help").strip().split(" "))).isZero();
    assertThat(cli.out())
        .startsWith("Usage: larder")
        .contains("--home=DIR", "--quiet", "--json", "Exit codes:\n  0   ", "Examples:\n  ");
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void help_ofAll_saysOfEachCommandAWholeSentence() {
    cli.run("--help");

    assertThat(
            cli.out()
                .lines()
                .dropWhile(line -> !line.equals("Commands:"))
                .skip(1)
                .takeWhile(line -> !line.isBlank()))
        .hasSize(21)
        .allMatch(line -> line.endsWith("."));
  }

  @Test
  void noCommand_printsHelpAsAnError() {
    assertThat(cli.run()).isEqualTo(2);
    assertThat(cli.out()).isEmpty();
    assertThat(cli.err()).startsWith("Usage: larder");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pul x         | larder: there is no command 'larder pul'; did you mean 'pull'? See 'larder --help'.",
        "ls a/b        | larder: 'larder ls' takes no argument 'a/b'. See 'larder ls --help'.",
        "config x      | larder: there is no command 'larder config x'. See 'larder config --help'.",
        "ls --bogus    | larder: Unknown option: '--bogus'. See 'larder ls --help'.",
        "pull          | larder: Missing required parameter: 'REPO'. See 'larder pull --help'.",
        "pull a/b/c    | larder: 'a/b/c' is not a valid repo name: a repo is called name or org/name.",
        "pull a/b@..   | larder: '..' is not a valid revision: '.' and '..' are not allowed.",
        "pull a/b --type bike | larder: 'bike' is not a valid repo type: known are model, dataset and space.",
        "pull datasets/a/b --type space | larder: datasets/a/b is a dataset by its name, not a space; leave --type away.",
        "token create                | larder: Missing required parameter: 'NAME'. See 'larder token create --help'.",
        "token create a/b            | larder: 'a/b' is not a valid token name: use 1 to 64 letters, digits, '.', '_' and '-', the first a letter or digit.",
        "token create a --group x/y  | larder: 'x/y' is not a valid group: use 1 to 64 letters, digits, '.', '_' and '-', the first a letter or digit.",
        "token create a --expires soon | larder: 'soon' is not a duration; write it like 12h, 30d or 1y.",
        "token create a --expires 0  | larder: '0s' is not a valid lifetime: it is already over.",
        "token grant g               | larder: Missing required parameter: 'PATTERN'. See 'larder token grant --help'.",
        "token grant g a/b/c         | larder: 'a/b/c' is not a valid pattern of repos: write it like org/name, org/*, datasets/org/name or spaces/*.",
        "token lend x                | larder: there is no command 'larder token lend'. See 'larder token --help'.",
        "stats --since soon | larder: 'soon' is not a duration; write it like 12h, 30d or 1y.",
      })
  void wrongUsage_isOneLineAndExit2(String line, String message) {
    assertThat(cli.run(line.split(" "))).isEqualTo(2);
    assertThat(cli.err().strip()).isEqualTo(message);
    assertThat(cli.out()).isEmpty();
  }

  @Test
  void wrongSetting_isNamedAndExit2() {
    cli.environment.put("LARDER_PROT", "1");

    assertThat(cli.run("ls")).isEqualTo(2);
    assertThat(cli.err()).startsWith("larder: LARDER_PROT (environment) is not").hasLineCount(1);
  }

  @Test
  void failure_isItsMessageAndExitCode() {
    cli.workshop.failure = FakeWorkshop.failing("store-full", "No room.");

    assertThat(cli.run("ls")).isEqualTo(7);
    assertThat(cli.err()).isEqualTo("larder: No room.\n");
    assertThat(cli.workshop.closed).isTrue();
  }

  @Test
  void unforeseenFailure_hasATraceOnlyWhenAsked() {
    cli.workshop.failure = new IllegalStateException("odd");

    assertThat(cli.run("ls")).isEqualTo(1);
    assertThat(cli.err()).contains("odd", "--verbose").hasLineCount(1);
    assertThat(cli.run("ls", "-v")).isEqualTo(1);
    assertThat(cli.err()).contains("at dev.larder.cli.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"--home /d ls", "ls --home /d", "ls --home=/d"})
  void home_beforeOrAfterTheCommand_isTheRoot(String line) {
    cli.environment.put("LARDER_HOME", "/other");

    assertThat(cli.run(line.split(" "))).isZero();
    assertThat(cli.workshop.settings.home()).isEqualTo(Path.of("/d"));
  }

  @Test
  void serve_flags_areSettingsAndTheAddressIsPrinted() {
    assertThat(cli.run("serve", "--host", "0.0.0.0", "--port", "0", "--home", "/d")).isZero();
    assertThat(cli.workshop.settings.host()).isEqualTo("0.0.0.0");
    assertThat(cli.workshop.settings.place(Setting.PORT)).isEqualTo("--port");
    assertThat(cli.out()).isEqualTo("Larder serves /d at http://127.0.0.1:4711\n");
  }

  @Test
  void serve_onEveryAddress_saysWhatOthersMayDo() {
    assertThat(cli.run("serve", "--host", "0.0.0.0", "--home", "/d")).isZero();
    assertThat(cli.err()).contains("port 4711", "changes are refused", "LARDER_ADMIN_TOKEN");

    cli.environment.put("LARDER_ADMIN_TOKEN", "0123456789abcdef0123456789abcdef");
    assertThat(cli.run("serve", "--host", "::", "--home", "/d")).isZero();
    assertThat(cli.err()).contains("Whoever has the admin token").doesNotContain("0123456789");
  }

  @Test
  void serve_onLoopback_saysNothingOfOthers() {
    assertThat(cli.run("serve", "--home", "/d")).isZero();
    assertThat(cli.err()).doesNotContain("every address");
  }

  @Test
  void demo_worksWhateverTheSettingsAre() {
    cli.environment.put("LARDER_PROT", "1");

    assertThat(cli.run("demo", "--once")).isZero();
    assertThat(cli.workshop.asked).containsExactly("demo once=true");
  }

  @Test
  void env_default_isShell() {
    assertThat(cli.run("env")).isZero();
    assertThat(cli.out()).isEqualTo("export HF_ENDPOINT=http://127.0.0.1:8090/hf\n");
    assertThat(cli.err()).isEmpty();
  }

  @Test
  void env_publicUrlThenServerThenHostAndPort() {
    cli.workshop.server = Optional.of(URI.create("http://127.0.0.1:4711"));
    cli.run("env", "--shell");
    assertThat(cli.out()).contains("=http://127.0.0.1:4711/hf");

    cli.environment.put("LARDER_PUBLIC_URL", "https://cache.site/larder/");
    cli.run("env", "--shell");
    assertThat(cli.out()).contains("=https://cache.site/larder/hf");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--json   | {\\n  \"url\" : \"http://127.0.0.1:8090\",\\n  \"variables\" : {\\n    \"HF_ENDPOINT\" : \"http://127.0.0.1:8090/hf\"\\n  }\\n}",
        "--docker | {\\n  \"registry-mirrors\" : [ \"http://127.0.0.1:8090\" ],\\n  \"insecure-registries\" : [ \"127.0.0.1:8090\" ]\\n}",
        "--podman | [[registry]]\\nlocation = \"docker.io\"\\n\\n[[registry.mirror]]\\nlocation = \"127.0.0.1:8090\"\\ninsecure = true",
        "--pip    | [global]\\nindex-url = http://127.0.0.1:8090/pypi/simple/\\ntrusted-host = 127.0.0.1",
        "--nix    | substituters = http://127.0.0.1:8090/nix",
      })
  void env_otherForms(String flag, String text) {
    assertThat(cli.run("env", flag)).isZero();
    assertThat(cli.out()).isEqualTo(text.replace("\\n", "\n") + "\n");
  }

  @Test
  void env_twoForms_isWrongUsage() {
    assertThat(cli.run("env", "--pip", "--nix")).isEqualTo(2);
  }

  @Test
  void config_masksSecretsAndSaysWhereFrom() {
    cli.environment.put("HF_TOKEN", "hf_secret");
    cli.environment.put("LARDER_URL_ALLOW", "example.org");
    cli.environment.put("LARDER_SERVICE_HOST", "10.0.0.1");

    assertThat(cli.run("config", "--home", "/d")).isZero();
    assertThat(cli.out())
        .doesNotContain("hf_secret")
        .containsPattern("LARDER_HOME +/d +--home\n")
        .containsPattern("LARDER_UPSTREAM_TOKEN +\\*\\*\\* +HF_TOKEN, environment\n")
        .containsPattern("LARDER_URL_ALLOW +example.org +environment +accepted; not built yet\n")
        .containsPattern("LARDER_MAX_SIZE +– +default\n");
    assertThat(cli.err()).contains("LARDER_SERVICE_HOST");
    cli.run("config", "--json");
    assertThat(cli.out())
        .contains("\"ignored_service_links\" : [ \"LARDER_SERVICE_HOST\" ]")
        .doesNotContain("hf_secret");
  }

  @Test
  void configReference_printsEverySetting() {
    assertThat(cli.run("config", "reference")).isZero();
    for (Setting setting : Setting.values()) {
      assertThat(cli.out()).contains("| `" + setting.variable() + "` |");
    }
  }

  @Test
  void completion_isAScriptThatKnowsTheCommands() {
    assertThat(cli.run("completion")).isZero();
    assertThat(cli.out()).startsWith("#!/usr/bin/env bash").contains("pull", "verify", "--repair");
  }
}
