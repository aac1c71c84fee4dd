package dev.larder.cli;

import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
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
    if (!settings.ignoredServiceLinks().isEmpty()) {
      desk.warn(
          "ignored, since they look like service links of Kubernetes: "
              + String.join(", ", settings.ignoredServiceLinks()));
    }
  }

  private static Map<String, @Nullable Object> json(Settings settings) {
    return Json.object(
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
