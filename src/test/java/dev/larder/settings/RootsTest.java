package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RootsTest {
  @TempDir Path directory;

  @ParameterizedTest(name = "{0}: root {1}, hub {2}, from {3}")
  @CsvSource(
      delimiter = '|',
      value = {
        "                                              | /home/ann/.cache/huggingface | /home/ann/.cache/huggingface/hub | default",
        "XDG_CACHE_HOME=/x                             | /x/huggingface | /x/huggingface/hub | XDG_CACHE_HOME, environment",
        "HF_HOME=/h XDG_CACHE_HOME=/x                  | /h             | /h/hub             | HF_HOME, environment",
        "PRIMARY_CACHE_PATH=/p HF_HOME=/h              | /p             | /p/hub             | PRIMARY_CACHE_PATH, environment",
        "LARDER_HOME=/l PRIMARY_CACHE_PATH=/p          | /l             | /l/hub             | environment",
        "HF_HUB_CACHE=/c/models                        | /c             | /c/models          | HF_HUB_CACHE, environment",
        "HF_HUB_CACHE=/c/models HF_HOME=/h             | /c             | /c/models          | HF_HUB_CACHE, environment",
        "HF_HUB_CACHE=/c/models LARDER_HOME=/l         | /l             | /c/models          | environment",
        "HF_HUB_CACHE=/c/models PRIMARY_CACHE_PATH=/p  | /p             | /c/models          | PRIMARY_CACHE_PATH, environment",
        "--home=/f HF_HUB_CACHE=/c/models LARDER_HOME=/l | /f           | /f/hub             | --home",
        "LARDER_HOME=~/l                               | /home/ann/l    | /home/ann/l/hub    | environment",
        "LARDER_HOME=$BASE/${SUB} BASE=/b SUB=s        | /b/s           | /b/s/hub           | environment",
        "LARDER_HOME=/a/../b/.                         | /b             | /b/hub             | environment",
      })
  void root_followsTheNames(String given, String root, String hub, String from) {
    Settings settings = load(given == null ? "" : given);

    assertThat(settings.home()).hasToString(root);
    assertThat(settings.hubCache()).hasToString(hub);
    assertThat(settings.place(Setting.HOME)).isEqualTo(from);
  }

  @Test
  void root_ownNameInAFileBesideHfHomeInTheEnvironment_nameDecides() throws IOException {
    Files.writeString(directory.resolve("larder.yaml"), "settings: {home: /site}");

    assertThat(load("HF_HOME=/h").home()).hasToString("/site");
  }

  @Test
  void root_relative_isBelowTheWorkingDirectory() {
    assertThat(load("LARDER_HOME=cache").home()).isEqualTo(directory.resolve("cache"));
  }

  @Test
  void root_hubCacheWithoutParent_isRefused() {
    assertThatThrownBy(() -> load("HF_HUB_CACHE=/"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("HF_HUB_CACHE='/'");
  }

  @Test
  void checkLocations_treeElsewhere_isRefused() {
    // /proc is a file system of its own wherever there is one; nothing is written.
    org.junit.jupiter.api.Assumptions.assumeTrue(Files.isDirectory(Path.of("/proc/self")));
    Settings settings = load("HF_HUB_CACHE=/proc/hub LARDER_HOME=" + directory);

    assertThatThrownBy(settings::checkLocations)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("another file system");
    load("LARDER_HOME=" + directory.resolve("not/there/yet")).checkLocations();
  }

  private Settings load(String given) {
    Map<Setting, String> flags = new HashMap<>();
    Map<String, String> environment = new HashMap<>();
    for (String assignment : given.split(" ")) {
      int cut = assignment.indexOf('=');
      if (assignment.startsWith("--home=")) {
        flags.put(Setting.HOME, assignment.substring(cut + 1));
      } else if (cut > 0) {
        environment.put(assignment.substring(0, cut), assignment.substring(cut + 1));
      }
    }
    return Settings.load(new SettingSources(flags, environment, directory, Path.of("/home/ann")));
  }
}
