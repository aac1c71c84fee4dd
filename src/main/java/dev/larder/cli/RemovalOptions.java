package dev.larder.cli;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What commands that remove let their caller say of the removing. */
final class RemovalOptions {
  @Option(names = "--dry-run", description = "Print the plan and remove nothing.")
  boolean dryRun;

  @Option(
      names = {"-y", "--yes"},
      description = "Do not ask.")
  boolean yes;

  @Option(
      names = "--location",
      paramLabel = "NAME",
      description = "Remove only what lies in this location, also the spare of a repo.")
  private @Nullable String location;

  Optional<String> location() {
    return Optional.ofNullable(location);
  }
}
