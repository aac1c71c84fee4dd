package dev.larder.settings;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code .env} file: {@code NAME=value}, {@code export NAME=value}, {@code #} comments,
 * single quotes (literal) and double quotes ({@code \n \t \r \" \\ \$}). Nothing is expanded, a
 * value ends with its line. The file belongs to other programs too, so a line that is no assignment
 * is passed over, unless it begins with a name of Larder.
 */
final class DotEnv {
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:export\\s+)?([A-Za-z_][A-Za-z0-9_]*)\\s*=(.*)", Pattern.DOTALL);
  private static final Pattern OURS = Pattern.compile("\\s*(?:export\\s+)?LARDER_.*");

  private DotEnv() {}

  /** What is assigned, in the order of the lines. What cannot be read is added to problems. */
  static List<Assigned> parse(String content, List<String> problems) {
    List<Assigned> assigned = new ArrayList<>();
    int number = 0;
    for (String line : content.replace("\uFEFF", "").split("\r?\n", -1)) {
      number++;
      var match = LINE.matcher(line);
      if (match.matches()) {
        String name = match.group(1);
        String value = value(match.group(2).strip());
        if (value != null) {
          assigned.add(new Assigned(name, value, Origin.dotEnv(number)));
        } else if (name.startsWith("LARDER_")) {
          problems.add("%s (.env line %d) has a quote that does not end.".formatted(name, number));
        }
      } else if (OURS.matcher(line).matches()) {
        problems.add(".env line %d is not NAME=value.".formatted(number));
      }
    }
    return assigned;
  }

  /** Null when a quote does not end. */
  private static @Nullable String value(String raw) {
    if (raw.startsWith("'")) {
      int end = raw.indexOf('\'', 1);
      return end < 0 ? null : raw.substring(1, end);
    }
    if (raw.startsWith("\"")) {
      return doubleQuoted(raw);
    }
    if (raw.startsWith("#")) {
      return "";
    }
    int comment = raw.indexOf(" #");
    return (comment < 0 ? raw : raw.substring(0, comment)).strip();
  }

  private static @Nullable String doubleQuoted(String raw) {
    StringBuilder out = new StringBuilder();
    for (int i = 1; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '"') {
        return out.toString();
      }
      if (c == '\\' && i + 1 < raw.length()) {
        i++;
        out.append(unescaped(raw.charAt(i)));
      } else {
        out.append(c);
      }
    }
    return null;
  }

  private static String unescaped(char c) {
    return switch (c) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case '"', '\\', '$' -> String.valueOf(c);
      default -> "\\" + c;
    };
  }
}
