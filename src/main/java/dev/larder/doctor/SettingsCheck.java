package dev.larder.doctor;

import dev.larder.settings.Examination.Disagreement;
import dev.larder.settings.Location;
import dev.larder.settings.Origin;
import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import dev.larder.settings.SettingsException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Settings that cannot be used, contradict each other or mean something else in each directory. */
final class SettingsCheck implements Check {
  private static final Pattern NAME = Pattern.compile("\\A([A-Za-z_][A-Za-z0-9_]*)[ =]");
  private static final Pattern UNEXPANDED = Pattern.compile("\\$\\{?\\w|^~[^/]");

  @Override
  public String subject() {
    return "settings";
  }

  @Override
  public List<Finding> look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    scene.examination().problems().forEach(problem -> findings.add(unusable(problem)));
    scene.examination().disagreements().forEach(each -> findings.add(disagree(each)));
    links(scene.settings(), findings);
    for (Setting setting : List.of(Setting.HOME, Setting.HUB_CACHE, Setting.SECONDARY_CACHE)) {
      notAbsolute(scene.settings(), setting, findings);
    }
    fileSystems(scene.settings(), findings);
    return findings;
  }

  private static Finding unusable(String problem) {
    Matcher name = NAME.matcher(problem);
    String mend = name.find() ? Shell.remove(name.group(1), problem) : Shell.remove("", problem);
    return Finding.of(
        Code.SETTING_UNUSABLE, problem, mend.equals("unset ") ? "larder config reference" : mend);
  }

  private static Finding disagree(Disagreement found) {
    return Finding.of(
        Code.SETTINGS_DISAGREE,
        "%s (%s) decides, and %s (%s) is not heard."
            .formatted(found.shown(), found.place(), found.otherShown(), found.otherPlace()),
        Shell.removeOther(found));
  }

  private static void links(Settings settings, List<Finding> into) {
    List<String> ignored = settings.ignoredServiceLinks();
    if (!ignored.isEmpty()) {
      into.add(
          Finding.of(
              Code.SERVICE_LINKS,
              "Ignored as service links of Kubernetes: %s.".formatted(String.join(", ", ignored)),
              "kubectl patch deployment NAME -p"
                  + " '{\"spec\":{\"template\":{\"spec\":{\"enableServiceLinks\":false}}}}'"));
    }
  }

  private static void notAbsolute(Settings settings, Setting setting, List<Finding> into) {
    String written = settings.written(setting);
    boolean open = UNEXPANDED.matcher(written).find() && hasLiteral(settings, setting, written);
    // A flag means what the shell shows just now, and nothing later reads it again.
    boolean relative =
        settings.origin(setting).source() != Origin.Source.FLAG
            && !written.isEmpty()
            && !written.startsWith("/")
            && !written.matches("[~$].*");
    if (relative || open) {
      Path meant = meant(settings, setting);
      into.add(
          Finding.of(
              Code.PATH_NOT_ABSOLUTE,
              "%s is '%s', which is %s in this directory."
                  .formatted(Words.setting(settings, setting), written, meant),
              Shell.export(setting.variable(), absolute(written, meant))));
    }
  }

  private static Path meant(Settings settings, Setting setting) {
    return switch (setting) {
      case HUB_CACHE -> settings.hubCache();
      case SECONDARY_CACHE ->
          settings.locations().stream()
              .filter(location -> location.variable().equals(setting.variable()))
              .findFirst()
              .map(Location::root)
              .orElseGet(settings::home);
      default -> settings.home();
    };
  }

  /** Whether what should have been replaced still stands in the path. */
  private static boolean hasLiteral(Settings settings, Setting setting, String written) {
    String shown = settings.shown(setting);
    return written.startsWith("~") ? shown.contains("/~") : shown.contains("$");
  }

  /** A name that nothing stands behind cannot be guessed: the default is at least somewhere. */
  private static String absolute(String written, Path meant) {
    return written.matches(".*[$~].*") ? "/var/lib/larder" : meant.toString();
  }

  private static void fileSystems(Settings settings, List<Finding> into) {
    for (Location location : settings.locations()) {
      try {
        settings.checkOneFileSystem(location);
      } catch (SettingsException e) {
        into.add(
            Finding.of(
                Code.CACHE_ON_OTHER_FILE_SYSTEM,
                e.explanation(),
                location.isPrimary()
                    ? Shell.export("HF_HUB_CACHE", settings.home().resolve("hub"))
                    : "findmnt -T " + Shell.quoted(location.hub())));
      }
    }
    try {
      settings.checkApart();
    } catch (SettingsException e) {
      into.add(Finding.of(Code.SETTING_UNUSABLE, e.explanation(), "larder config reference"));
    }
  }
}
