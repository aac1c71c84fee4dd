package dev.larder.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.settings.Setting;
import dev.larder.testing.OtherFileSystem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class DoctorSettingsTest extends DoctorFixture {
  @Test
  void healthyMachine_hasNoFinding_andSaysWhatWasLookedAt() throws IOException {
    larder();
    repo("models--o--r");

    Report report = examine();

    assertThat(report.findings()).isEmpty();
    assertThat(report.healthy()).isTrue();
    assertThat(report.subjects()).contains("free space", "the clock");
    assertThat(Files.list(home.resolve("larder/tmp"))).isEmpty();
  }

  @Test
  void settingsThatCannotBeUsed_areFindingsEach_andTheRestIsLookedAt() throws IOException {
    environment.put("LARDER_HOEM", "x");
    Files.writeString(directory.resolve(".env"), "A=1\nLARDER_MAX_SIZE=huge\n");
    Files.writeString(directory.resolve("larder.yaml"), "settings: [");
    environment.put("TRANSFORMERS_CACHE", "/elsewhere");

    Report report = examine();

    assertThat(report.findings())
        .filteredOn(finding -> finding.code() == Code.SETTING_UNUSABLE)
        .extracting(Finding::mend)
        .containsExactlyInAnyOrder(
            "unset LARDER_HOEM",
            "sed -i -E '/^\\s*(export\\s+)?LARDER_MAX_SIZE\\s*=/d' .env",
            "${EDITOR:-vi} larder.yaml");
    assertThat(report.findings()).extracting(Finding::code).contains(Code.OLD_CACHE_VARIABLE);
    assertThat(report.healthy()).isFalse();
  }

  @Test
  void mendOfDotEnv_runInAShell_takesTheLineAway() throws Exception {
    Path file = directory.resolve(".env");
    Files.writeString(file, "A=1\n export LARDER_MAX_SIZE = huge\nNOT_LARDER_MAX_SIZE=2\n");

    String mend = examine().findings().getFirst().mend();

    run(mend);
    assertThat(file).hasContent("A=1\nNOT_LARDER_MAX_SIZE=2\n");
  }

  private void run(String command) throws Exception {
    ProcessBuilder shell = new ProcessBuilder("bash", "-c", command);
    assertThat(shell.directory(directory.toFile()).inheritIO().start().waitFor()).isZero();
  }

  @Test
  void twoSources_thatDisagree_areNamedWithTheOneThatIsHeard() throws IOException {
    environment.put("LARDER_OFFLINE", "false");
    environment.put("HF_HUB_OFFLINE", "1");
    environment.put("LARDER_REF_TTL", "60s");
    environment.put("HF_TOKEN", "hf_first");
    Files.writeString(
        directory.resolve(".env"), "LARDER_REF_TTL=1m\nHF_TOKEN=hf_second\nLARDER_OFFLINE=no\n");

    assertThat(examine().findings())
        .filteredOn(finding -> finding.code() == Code.SETTINGS_DISAGREE)
        .extracting(Finding::what)
        .containsExactlyInAnyOrder(
            "LARDER_OFFLINE=false (environment) decides, and HF_HUB_OFFLINE=1 (environment) is not heard.",
            "HF_TOKEN=*** (environment) decides, and HF_TOKEN=*** (.env line 2) is not heard.");
  }

  @Test
  void serviceLinks_areANote() {
    environment.put("LARDER_PORT", "tcp://10.0.0.1:8090");

    assertThat(only(Code.SERVICE_LINKS).what()).contains("LARDER_PORT");
    assertThat(examine().healthy()).isTrue();
  }

  @Test
  void relativeHome_isNamedWithWhatItMeansHere() {
    environment.put("LARDER_HOME", "cache");

    assertThat(one(Code.PATH_NOT_ABSOLUTE).what())
        .startsWith("LARDER_HOME (environment) is 'cache', which is " + directory.resolve("cache"));
    assertThat(codes()).contains(Code.ROOT_MISSING);
  }

  @Test
  void relativeHome_givenAsAFlag_isNoFinding() throws IOException {
    larder();
    repo("models--o--r");
    flags.put(Setting.HOME, "../home");

    assertThat(codes()).isEmpty();
  }

  @Test
  void variableThatIsNotSet_inAPath_isNotAbsolute() {
    environment.put("LARDER_HOME", "$NOWHERE/cache");

    assertThat(one(Code.PATH_NOT_ABSOLUTE).what()).contains("$NOWHERE/cache");
    environment.put("NOWHERE", home.toString());
    assertThat(codes()).containsExactly(Code.ROOT_MISSING);
  }

  @Test
  void emptyVariable_isTakenLiterallyByPython() {
    environment.put("HF_HUB_CACHE", "");

    assertThat(only(Code.CACHE_VARIABLE_EMPTY).mend()).isEqualTo("unset HF_HUB_CACHE");
  }

  @Test
  void pythonWithACacheOfItsOwn_byAVariable_isAWarning() throws IOException {
    repo("models--o--r");
    environment.put("HF_HOME", scratch.resolve("python").toString());

    assertThat(only(Code.PYTHON_CACHE_ELSEWHERE).mend())
        .isEqualTo("export HF_HUB_CACHE=" + home.resolve("hub"));
    environment.put("HUGGINGFACE_HUB_CACHE", home.resolve("hub").toString());
    assertThat(codes()).isEmpty();
  }

  @Test
  void variableOfPython_thatOnlyAFileHolds_isNotSeenByPython() throws IOException {
    environment.remove("LARDER_HOME");
    Files.writeString(directory.resolve(".env"), "HF_HOME=" + home + "\n");

    assertThat(only(Code.PYTHON_CACHE_ELSEWHERE).mend())
        .isEqualTo("export HF_HUB_CACHE=" + home.resolve("hub"));
  }

  @Test
  void defaultCache_withRepos_isToldWhenThisOneIsEmpty() throws IOException {
    Path theirs = scratch.resolve("user/.cache/huggingface/hub");
    Files.createDirectories(theirs.resolve("models--o--r"));

    assertThat(only(Code.DEFAULT_CACHE_HAS_DATA).mend())
        .isEqualTo("unset LARDER_HOME PRIMARY_CACHE_PATH; export HF_HUB_CACHE=" + theirs);
    repo("models--o--other");
    assertThat(only(Code.PYTHON_CACHE_BESIDE).code().severity()).isEqualTo(Code.Severity.NOTE);
  }

  @Test
  void reposInTheRootItself_areFoundOneLevelUp() throws IOException {
    Files.createDirectories(home.resolve("models--o--r"));

    assertThat(only(Code.REPOS_BESIDE_HUB).mend()).endsWith("export HF_HUB_CACHE=" + home);
  }

  /** Where the cache directory has repos of its own, a stray one is moved to them. */
  @Test
  void repoInTheRoot_besideACacheWithRepos_isMovedToThemByTheMend() throws Exception {
    repo("models--o--r");
    Files.createDirectories(home.resolve("models--o--stray/snapshots"));
    Files.createDirectories(home.resolve("old--notes"));

    run(only(Code.REPOS_BESIDE_HUB).mend());

    assertThat(home.resolve("hub/models--o--stray/snapshots")).isDirectory();
    assertThat(home.resolve("old--notes")).isDirectory();
    assertThat(codes()).isEmpty();
  }

  @Test
  void oldVariable_thatNamesThisCache_isNoFinding() {
    environment.put("TRANSFORMERS_CACHE", home.resolve("hub").toString());

    assertThat(codes()).isEmpty();
    environment.put("TRANSFORMERS_CACHE", "/elsewhere");
    assertThat(only(Code.OLD_CACHE_VARIABLE).what()).contains("TRANSFORMERS_CACHE=/elsewhere");
  }

  @Test
  void cacheOnAnotherFileSystem_isRefusedInAdvance() throws IOException {
    try (OtherFileSystem other = OtherFileSystem.than(scratch)) {
      environment.put("HF_HUB_CACHE", other.directory().toString());

      assertThat(codes()).contains(Code.CACHE_ON_OTHER_FILE_SYSTEM);
    }
  }

  @Test
  void endpoint_whereNobodyAnswers_isAnError() {
    environment.put("HF_ENDPOINT", "http://127.0.0.1:9/hf/");

    assertThat(only(Code.ENDPOINT_SILENT).mend()).isEqualTo("larder serve");
  }

  @Test
  void endpoint_thatIsTheHubItself_goesPastLarder() {
    environment.put("HF_ENDPOINT", "https://huggingface.co");

    assertThat(only(Code.ENDPOINT_ELSEWHERE).mend()).isEqualTo("eval \"$(larder env)\"");
    environment.put("HF_ENDPOINT", "https://cache.example/hf");
    assertThat(codes()).isEmpty();
  }

  @Test
  void upstream_thatIsThisLarder_isAnError() {
    flags.put(Setting.PUBLIC_URL, "http://cache.example:8090");
    environment.put("LARDER_HUB_UPSTREAM", "http://cache.example:8090/hf");

    assertThat(only(Code.UPSTREAM_IS_ITSELF).mend()).isEqualTo("unset LARDER_HUB_UPSTREAM");
  }

  @Test
  void pythonOffline_andLarderNot_isAWarning() {
    environment.put("TRANSFORMERS_OFFLINE", "1");

    assertThat(only(Code.OFFLINE_FOR_PYTHON_ONLY).mend()).isEqualTo("unset TRANSFORMERS_OFFLINE");
    environment.put("LARDER_OFFLINE", "true");
    assertThat(codes()).isEmpty();
  }

  @Test
  void tokenOfTheLogin_thatLarderIsNotGiven_isANote() throws IOException {
    Path token =
        file(scratch.resolve("user/.cache/huggingface/token"), "hf_stored\n", Duration.ZERO);
    mode(token, "rw-------");

    assertThat(only(Code.TOKEN_NOT_USED).mend())
        .isEqualTo("export HF_TOKEN=\"$(cat " + token + ")\"");
    environment.put("HF_TOKEN", "hf_other");
    assertThat(only(Code.TOKENS_DIFFER).what()).doesNotContain("hf_stored", "hf_other");
    environment.put("HF_TOKEN", "hf_stored");
    assertThat(codes()).isEmpty();
  }
}
