package dev.larder.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code rights.txt}, read: which answer each combination is to have. */
final class RightsTable {
  private static final String AWAY = "away";
  private static final String FILE = "rights.txt";
  private static final int COLUMNS = 4;

  private final List<Row> rows = new ArrayList<>();
  private final Map<String, List<String>> groups = new HashMap<>();

  /** One combination. */
  record Cell(String repo, String caller, String route, String state) {
    private List<String> values() {
      return List.of(repo, caller, route, state);
    }

    @Override
    public String toString() {
      return String.join(" ", values());
    }
  }

  /** One line. */
  record Row(int line, List<Pattern> columns, String answer) {
    boolean meets(Cell cell) {
      for (int i = 0; i < COLUMNS; i++) {
        if (!columns.get(i).meets(cell.values().get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /** The names that a column holds, or all but those. */
  record Pattern(boolean except, Set<String> names) {
    boolean meets(String name) {
      return names.contains(name) != except;
    }
  }

  RightsTable() {
    int number = 0;
    for (String line : read().split("\n", -1)) {
      number++;
      String text = line.strip();
      if (text.startsWith("group ")) {
        String[] parts = text.substring("group ".length()).split("=", -1);
        groups.put(parts[0].strip(), List.of(parts[1].strip().split("\\s+")));
      } else if (!text.isEmpty() && !text.startsWith("#")) {
        rows.add(row(number, text));
      }
    }
  }

  private static String read() {
    try (InputStream in = RightsTable.class.getResourceAsStream(FILE)) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Row row(int number, String text) {
    String[] parts = text.split("\\s+", COLUMNS + 1);
    if (parts.length != COLUMNS + 1) {
      throw new IllegalArgumentException("line " + number + " of " + FILE + " is no row: " + text);
    }
    List<Pattern> columns = new ArrayList<>();
    for (int i = 0; i < COLUMNS; i++) {
      columns.add(pattern(parts[i]));
    }
    return new Row(number, columns, parts[COLUMNS]);
  }

  private Pattern pattern(String text) {
    if (text.equals("*")) {
      return new Pattern(true, Set.of());
    }
    boolean except = text.startsWith("!");
    Set<String> names = new LinkedHashSet<>();
    for (String name : text.substring(except ? 1 : 0).split(",", -1)) {
      names.addAll(groups.getOrDefault(name, List.of(name)));
    }
    return new Pattern(except, names);
  }

  List<Row> rows() {
    return rows;
  }

  List<Row> meeting(Cell cell) {
    return rows.stream().filter(row -> row.meets(cell)).toList();
  }

  /** Whether the caller may read and only the hub is missing: that need not look like a refusal. */
  boolean isAway(Cell cell) {
    return meeting(cell).stream().anyMatch(row -> row.answer().equals(AWAY));
  }

  /** What is written; "none" where nothing is. */
  String answer(Cell cell) {
    List<Row> meeting = meeting(cell);
    return meeting.size() == 1 ? worded(meeting.getFirst().answer(), cell) : "none";
  }

  private static String worded(String answer, Cell cell) {
    boolean nobody = cell.caller().equals("nobody");
    boolean stray = cell.caller().equals("stray");
    return switch (answer) {
      case "yes" ->
          switch (cell.route()) {
            case "range" -> "206";
            case "same" -> "304";
            case "missing" -> "404 EntryNotFound";
            default -> "200";
          };
      case "no" -> stray ? "401 bad-token" : nobody ? "401 RepoNotFound" : "404 RepoNotFound";
      case "gate" -> stray ? "401 bad-token" : nobody ? "401 GatedRepo" : "403 GatedRepo";
      case "wait", AWAY -> "503 retry";
      default -> answer;
    };
  }

  /** Every name that stands in a column. */
  Set<String> names(int column) {
    Set<String> names = new LinkedHashSet<>();
    rows.forEach(row -> names.addAll(row.columns().get(column).names()));
    return names;
  }
}
