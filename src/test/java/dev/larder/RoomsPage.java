package dev.larder;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The table of {@code docs/rooms.md}: its rooms, and its arrows as {@code from -> to}. */
record RoomsPage(Set<String> rooms, Set<String> arrows) {
  private static final Pattern ROW =
      Pattern.compile("\\|\\s*`([a-z.]+)`\\s*\\|[^|]*\\|([^|]*)\\|\\s*");
  private static final Pattern NAME = Pattern.compile("`([a-z.]+)`");

  static RoomsPage read(Path page) {
    try {
      return parse(Files.readString(page));
    } catch (IOException e) {
      throw new UncheckedIOException("Tried to read the table of rooms in " + page, e);
    }
  }

  static RoomsPage parse(String text) {
    Set<String> rooms = new TreeSet<>();
    Set<String> arrows = new TreeSet<>();
    for (String line : text.lines().toList()) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        if (!rooms.add(row.group(1))) {
          throw new IllegalArgumentException("two rows for room " + row.group(1));
        }
        NAME.matcher(row.group(2))
            .results()
            .forEach(to -> arrows.add(row.group(1) + " -> " + to.group(1)));
      }
    }
    return new RoomsPage(rooms, arrows);
  }

  /** The rooms of one cycle, in order; empty when there is none. */
  static List<String> cycle(Set<String> arrows) {
    Set<String> clean = new TreeSet<>();
    for (String arrow : arrows) {
      List<String> path = new ArrayList<>();
      if (closes(arrow.split(" -> ", 2)[0], arrows, path, clean)) {
        return path;
      }
    }
    return List.of();
  }

  private static boolean closes(
      String room, Set<String> arrows, List<String> path, Set<String> clean) {
    if (clean.contains(room)) {
      return false;
    }
    boolean seen = path.contains(room);
    path.add(room);
    if (seen) {
      return true;
    }
    for (String arrow : arrows) {
      String[] ends = arrow.split(" -> ", 2);
      if (ends[0].equals(room) && closes(ends[1], arrows, path, clean)) {
        return true;
      }
    }
    path.removeLast();
    clean.add(room);
    return false;
  }
}
