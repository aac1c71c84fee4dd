package dev.larder.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LocationsTest {
  @TempDir Path folder;

  private Settings load(String... variables) {
    Map<String, String> environment = new HashMap<>();
    for (int i = 0; i + 1 < variables.length; i += 2) {
      environment.put(variables[i], variables[i + 1].replace("DIR", folder.toString()));
    }
    return Settings.load(new SettingSources(Map.of(), environment, folder, Path.of("/home/ann")));
  }

  @Test
  void primaryAlone_isTheOnlyOne() {
    assertThat(load("LARDER_HOME", "/a").locations())
        .containsExactly(
            new Location(
                "primary", Path.of("/a"), Path.of("/a/hub"), "LARDER_HOME", "environment"));
  }

  @Test
  void secondaryAndMore_comeInOrderWithTheirPathsExpanded() {
    Settings settings =
        load(
            "LARDER_HOME", "/a",
            "SECONDARY_CACHE_PATH", "~/big",
            "LARDER_LOCATIONS", "cold=/mnt/cold, hot=$FAST/x",
            "FAST", "/fast");
    assertThat(settings.locations())
        .extracting(location -> location.name() + " " + location.root())
        .containsExactly("primary /a", "secondary /home/ann/big", "cold /mnt/cold", "hot /fast/x");
    assertThat(settings.locations().get(2).variable()).isEqualTo("LARDER_LOCATIONS");
  }

  @ParameterizedTest
  @CsvSource({
    "/a, b=/a",
    "/a, b=/a/b",
    "/a/b, b=/a",
    "/a, 'b=/c,c=/c/d'",
  })
  void oneInTheOther_isRefusedAndBothAreNamed(String home, String locations) {
    assertThatThrownBy(() -> load("LARDER_HOME", home, "LARDER_LOCATIONS", locations))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("lie in one another")
        .hasMessageContaining("LARDER_LOCATIONS");
  }

  @ParameterizedTest
  @CsvSource({"primary=/b", "secondary=/b", "'x=/b,x=/c'"})
  void nameGivenTwice_isRefused(String locations) {
    assertThatThrownBy(
            () ->
                load(
                    "LARDER_HOME", "/a",
                    "SECONDARY_CACHE_PATH", "/s",
                    "LARDER_LOCATIONS", locations))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("two locations");
  }

  /** The tree of primary may lie outside of its root. */
  @Test
  void inTheTreeOfPrimary_isRefused() {
    assertThatThrownBy(
            () ->
                load(
                    "LARDER_HOME", "/a",
                    "HF_HUB_CACHE", "/trees/hub",
                    "SECONDARY_CACHE_PATH", "/trees/hub/x"))
        .hasMessageContaining("lie in one another");
  }

  @Test
  void newPlaceThroughALink_isWhereTheLinkLeads() throws Exception {
    Files.createDirectories(folder.resolve("real"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    Settings settings = load("LARDER_HOME", "DIR/real", "SECONDARY_CACHE_PATH", "DIR/b");
    Location second = settings.locations().getLast();

    settings.checkNewPlace(second, folder.resolve("c"));
    assertThatThrownBy(() -> settings.checkNewPlace(second, folder.resolve("link/c/d")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("lie in one another");
  }

  @Test
  void oneDirectoryUnderTwoNames_isRefusedWhenItIsOpened() throws Exception {
    Files.createDirectories(folder.resolve("real/larder"));
    Files.createSymbolicLink(folder.resolve("link"), Path.of("real"));
    Settings settings = load("LARDER_HOME", "DIR/real", "SECONDARY_CACHE_PATH", "DIR/link");

    assertThatThrownBy(settings::checkLocations)
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("secondary")
        .hasMessageContaining("link");
  }
}
