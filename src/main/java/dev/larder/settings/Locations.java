package dev.larder.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The locations that settings name, {@code primary} first; and what they must not be. */
final class Locations {
  private Locations() {}

  /** Adds to {@code problems} what is wrong with their names and paths as they are written. */
  static List<Location> of(
      Roots primary,
      Assigned primaryFrom,
      Assigned secondary,
      Assigned more,
      List<?> pairs,
      SettingSources sources,
      List<String> problems) {
    List<Location> all = new ArrayList<>();
    all.add(
        new Location(
            Location.PRIMARY,
            primary.root(),
            primary.hubCache(),
            primaryFrom.name(),
            primaryFrom.origin().toString()));
    if (!secondary.text().isEmpty()) {
      add(all, at(Location.SECONDARY, secondary.text(), secondary, sources), problems);
    }
    for (Object pair : pairs) {
      String text = String.valueOf(pair);
      int equals = text.indexOf('=');
      add(all, at(text.substring(0, equals), text.substring(equals + 1), more, sources), problems);
    }
    return List.copyOf(all);
  }

  private static Location at(String name, String path, Assigned from, SettingSources sources) {
    Path root = Roots.expand(path.strip(), sources);
    return new Location(name, root, root.resolve("hub"), from.name(), from.origin().toString());
  }

  private static void add(List<Location> all, Location next, List<String> problems) {
    for (Location known : all) {
      if (known.name().equals(next.name())) {
        problems.add(
            "There are two locations '%s': %s and %s; give each a name of its own."
                .formatted(next.name(), known, next));
        return;
      }
      if (known.overlaps(next)) {
        problems.add(overlapping(known, next, ""));
        return;
      }
    }
    all.add(next);
  }

  private static String overlapping(Location one, Location other, String because) {
    return ("The locations %s and %s lie in one another%s; each needs a directory of its own, outside"
            + " of the others.")
        .formatted(one, other, because);
  }

  /** Throws when they lie in one another as they are written, or as the disk has them. */
  static void check(List<Location> all) {
    for (Location one : all) {
      for (Location other : all.subList(0, all.indexOf(one))) {
        if (one.overlaps(other)) {
          throw new SettingsException(overlapping(other, one, ""));
        }
        Location real = real(one);
        Location otherReal = real(other);
        if (real.overlaps(otherReal)) {
          throw new SettingsException(
              overlapping(other, one, ", by a link or a mount, at " + real.root()));
        }
        if (sameStore(one, other)) {
          throw new SettingsException(overlapping(other, one, ": both are one directory"));
        }
      }
    }
  }

  private static Location real(Location location) {
    return new Location(
        location.name(),
        real(location.root()),
        real(location.hub()),
        location.variable(),
        location.place());
  }

  /** As far as it is there yet. */
  private static Path real(Path path) {
    Path here = Roots.existing(path);
    try {
      return here.toRealPath().resolve(here.relativize(path));
    } catch (IOException _) {
      return path; // It may not be looked at: then it is as it is written.
    }
  }

  /** A directory that is mounted twice has two paths and one identity. */
  private static boolean sameStore(Location one, Location other) {
    Path mine = one.root().resolve("larder");
    Path theirs = other.root().resolve("larder");
    try {
      return Files.exists(mine) && Files.exists(theirs) && Files.isSameFile(mine, theirs);
    } catch (IOException _) {
      return false; // Opening them says what is wrong.
    }
  }
}
