package dev.larder.cli;

import dev.larder.location.LocationState;
import dev.larder.settings.Location;
import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;

/** {@code larder config}. */
@Command(
    name = "config",
    description = "The settings in force, and where each came from. Secrets are not printed.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {ExitCodes.DONE_ROW, ExitCodes.USAGE_ROW},
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder config",
      "  larder config --json",
      "  larder config reference                          all settings there are, as Markdown"
    })
final class ConfigCommand implements Callable<Integer> {
  private static final String LATER = "accepted; not built yet";

  private final Desk desk;

  ConfigCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Settings settings = desk.settings();
    if (desk.json()) {
      desk.printJson(json(settings));
    } else {
      printTable(settings);
    }
    return ExitCodes.DONE;
  }

  private void printTable(Settings settings) {
    TextTable table = new TextTable("SETTING", "VALUE", "FROM", "NOTE");
    for (Setting setting : Setting.values()) {
      String shown = settings.shown(setting);
      table.row(
          setting.variable(),
          shown.isEmpty() ? "–" : shown,
          settings.place(setting),
          setting.built() ? "" : LATER);
    }
    desk.print(table.lines());
    printLocations(settings);
    if (!settings.ignoredServiceLinks().isEmpty()) {
      desk.warn(
          "ignored, since they look like service links of Kubernetes: "
              + String.join(", ", settings.ignoredServiceLinks()));
    }
  }

  /** With one that is where it should be, the table above says all. */
  private void printLocations(Settings settings) {
    Map<Location, LocationState> states = desk.workshop().locations(settings);
    boolean plain =
        states.values().stream()
            .allMatch(s -> s instanceof LocationState.Here || s instanceof LocationState.Empty);
    if (states.size() > 1 || !plain) {
      TextTable table = new TextTable("LOCATION", "ROOT", "NAMED BY", "STATE");
      states.forEach(
          (location, state) ->
              table.row(
                  location.name(),
                  location.root().toString(),
                  location.variable(),
                  word(state) + more(state)));
      desk.print("");
      desk.print(table.lines());
    }
  }

  private static String word(LocationState state) {
    return switch (state) {
      case LocationState.Here _ -> "here";
      case LocationState.Empty _ -> "new";
      case LocationState.Absent _ -> "absent";
      case LocationState.Moved _ -> "moved";
      case LocationState.Arriving _ -> "arriving";
    };
  }

  private static String more(LocationState state) {
    return switch (state) {
      case LocationState.Here _, LocationState.Empty _ -> "";
      case LocationState.Absent(String reason) -> ": " + reason;
      case LocationState.Moved(Path to) -> " to " + to + ": set that here";
      case LocationState.Arriving(Path from) -> " from " + from + ": run 'larder move' again";
    };
  }

  private static Map<String, @Nullable Object> json(Location location, LocationState state) {
    return Json.object(
        "name", location.name(),
        "root", location.root(),
        "named_by", location.variable(),
        "state", word(state),
        "moved_to", state instanceof LocationState.Moved(Path to) ? to : null);
  }

  private Map<String, @Nullable Object> json(Settings settings) {
    return Json.object(
        "locations",
        desk.workshop().locations(settings).entrySet().stream()
            .map(each -> json(each.getKey(), each.getValue()))
            .toList(),
        "settings",
        Arrays.stream(Setting.values()).map(setting -> json(settings, setting)).toList(),
        "ignored_service_links",
        settings.ignoredServiceLinks());
  }

  private static Map<String, @Nullable Object> json(Settings settings, Setting setting) {
    String shown = settings.shown(setting);
    return Json.object(
        "name", setting.variable(),
        "key", setting.yamlKey(),
        "value", shown.isEmpty() ? null : shown,
        "from", settings.place(setting),
        "note", setting.built() ? null : LATER);
  }
}
