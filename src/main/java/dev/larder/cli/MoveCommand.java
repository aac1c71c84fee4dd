package dev.larder.cli;

import dev.larder.content.Sizes;
import dev.larder.location.LocationException;
import dev.larder.location.MoveReport;
import dev.larder.location.MoveReport.How;
import dev.larder.location.MoveRequest;
import dev.larder.settings.Location;
import dev.larder.settings.NewPlace;
import dev.larder.settings.Settings;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code larder move}. */
@Command(
    name = "move",
    description = {
      "Move a location, with all that is in it, to another directory; print what to set then.",
      "On the same file system it is renamed. Else it is copied, every blob hashed, and the old"
          + " place emptied last: when it is cut, run the same command again.",
      "Nobody else may use the location meanwhile: stop the server first."
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      ExitCodes.DONE_ROW,
      "1:Failed: a server or another program works in it, or a file cannot be moved.",
      "2:Wrong usage: no such location, or a directory that is not empty or lies in another one.",
      "4:A blob is damaged; nothing was moved.",
      ExitCodes.NO_SPACE_ROW
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  larder move primary /mnt/big/models",
      "  larder move secondary /mnt/new --dry-run         how, and how much",
      "  larder move primary /mnt/big/models --leave-link  programs that know the old path go on"
    })
final class MoveCommand implements Callable<Integer> {
  private final Desk desk;

  @Parameters(index = "0", paramLabel = "NAME", description = "'primary', 'secondary', …")
  private String name = "";

  @Parameters(
      index = "1",
      paramLabel = "DIR",
      description = "Its new root: a directory that is empty or not there yet.")
  private String directory = "";

  @Option(
      names = "--leave-link",
      description = "Where its Hugging Face cache directory was, leave a link to the new one.")
  private boolean leaveLink;

  @Option(names = "--dry-run", description = "Only say how it would go.")
  private boolean dryRun;

  MoveCommand(Desk desk) {
    this.desk = desk;
  }

  @Override
  public Integer call() {
    Settings settings = desk.settings();
    Location location = named(settings);
    MoveRequest request = request(settings, location);
    MoveReport report;
    try (ProgressBar bar = desk.progress()) {
      report = desk.workshop().move(request, bar::reach);
    }
    List<NewPlace> set = settings.toFind(location, report.to());
    if (desk.json()) {
      desk.printJson(
          Json.object(
              "location", report.name(),
              "from", report.from(),
              "to", report.to(),
              "how", report.how().name().toLowerCase(Locale.ROOT),
              "files", report.files(),
              "size_bytes", report.bytes(),
              "dry_run", dryRun,
              "came_since", report.cameSince(),
              "left_behind", report.leftBehind(),
              "set", set.stream().map(NewPlace::assignment).toList()));
    } else if (!desk.quiet()) {
      print(report, set);
    }
    return ExitCodes.DONE;
  }

  private Location named(Settings settings) {
    return settings.locations().stream()
        .filter(location -> location.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LocationException.Unknown(
                    "There is no location '%s'; there is %s."
                        .formatted(
                            name,
                            settings.locations().stream()
                                .map(Location::name)
                                .collect(Collectors.joining(", ")))));
  }

  private MoveRequest request(Settings settings, Location location) {
    Path to = desk.path(directory);
    settings.checkNewPlace(location, to);
    return new MoveRequest(
        name, location.root(), location.hub(), to, settings.minFreeBytes(), leaveLink, dryRun);
  }

  private void print(MoveReport report, List<NewPlace> set) {
    desk.print(summary(report));
    if (!report.cameSince().isEmpty()) {
      desk.print(
          "Came into the old place since, and left there ('larder import' takes it in): "
              + report.cameSince().stream().map(Path::toString).collect(Collectors.joining(", ")));
    }
    if (!report.leftBehind().isEmpty()) {
      desk.print(
          "Not Larder's, and left where it is: "
              + report.leftBehind().stream()
                  .map(file -> String.valueOf(file.getFileName()))
                  .collect(Collectors.joining(", ")));
    }
    desk.print((dryRun ? "Then" : "Now") + " set, wherever it is set so far:");
    set.forEach(each -> desk.print("  " + each));
  }

  private String summary(MoveReport report) {
    return switch (report.how()) {
      case BEFORE ->
          "Nothing left to move: %s was moved from %s to %s before."
              .formatted(report.name(), report.from(), report.to());
      case RENAME, COPY ->
          "%s %s from %s to %s: %d files, %s, %s."
              .formatted(
                  dryRun ? "Would move" : "Moved",
                  report.name(),
                  report.from(),
                  report.to(),
                  report.files(),
                  Sizes.format(report.bytes()),
                  report.how() == How.COPY ? "copied and hashed" : "renamed");
    };
  }
}
