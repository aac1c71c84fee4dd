package dev.larder.doctor;

import dev.larder.settings.Examination.Disagreement;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Writes commands that can be copied into a POSIX shell. */
final class Shell {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+=,-]+");
  private static final Pattern DOT_ENV_LINE = Pattern.compile("\\.env line (\\d+)");

  private Shell() {}

  static String quoted(Path path) {
    return quoted(path.toString());
  }

  static String quoted(String text) {
    return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
  }

  static String export(String name, Object value) {
    return "export " + name + "=" + quoted(value.toString());
  }

  /** Takes away what {@code name} was given at {@code place}, as settings say where that is. */
  static String remove(String name, String place) {
    Matcher line = DOT_ENV_LINE.matcher(place);
    if (line.find()) {
      // By name, since the lines move when another one is taken away first.
      return name.isEmpty()
          ? "sed -i " + line.group(1) + "d .env"
          : "sed -i -E '/^\\s*(export\\s+)?" + name + "\\s*=/d' .env";
    }
    return place.contains("larder.yaml") ? "${EDITOR:-vi} larder.yaml" : "unset " + name;
  }

  /** Takes away the one that is not heard. */
  static String removeOther(Disagreement disagreement) {
    return remove(disagreement.other(), disagreement.otherPlace());
  }

  /** The first few of many, for a sentence. */
  static String some(List<?> things) {
    int shown = Math.min(3, things.size());
    String first = String.join(", ", things.stream().limit(shown).map(Object::toString).toList());
    return things.size() > shown ? first + " and " + (things.size() - shown) + " more" : first;
  }
}
