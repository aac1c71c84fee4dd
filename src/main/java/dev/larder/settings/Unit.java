package dev.larder.settings;

import dev.larder.content.InvalidName;
import dev.larder.content.Sizes;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What kind of value a setting has and how its text is read. */
public enum Unit {
  PATH("a path; `~` and `$NAME` are expanded"),
  TEXT("text"),
  HOST("an IP address or a host name"),
  PORT("a number from 0 to 65535"),
  COUNT("a number from 1 to 64"),
  URL("an address like `https://host:port/path`, without user, query or fragment"),
  LIST("names separated by commas"),
  LOCATIONS("`name=path` separated by commas"),
  SOURCES("`name=size` separated by commas, such as `hf=100GB`"),
  CIDRS("networks like `10.0.0.0/8` or `fd00::/8`, separated by commas"),
  SIZE("a size like `500MB`, `5GB` or `4GiB`"),
  RATE("a size a second like `50MB` or `50MB/s`"),
  DURATION("a duration like `60s`, `10m`, `12h` or `7d`"),
  HOUR("a time of day like `03:00`, or `off`"),
  BOOLEAN("`true` or `false`"),
  ADOPTED("`public`"),
  DATABASE("a `jdbc:` address"),
  SECRET("a secret; printable ASCII without spaces");

  private static final int MOST_CONNECTIONS = 64;
  private static final int LAST_PORT = 65_535;
  private static final Set<String> SOURCE_NAMES = Set.of("hf");

  private final String form;

  Unit(String form) {
    this.form = form;
  }

  /** How a value is written, as Markdown: {@code a size like `5GB`}. */
  public String form() {
    return form;
  }

  /** The value meant by a text that is not empty. Throws {@link IllegalValue}. */
  Object parse(String text) {
    return switch (this) {
      case PATH, TEXT -> text;
      case HOST -> host(text);
      case PORT -> number(text, 0, LAST_PORT);
      case COUNT -> number(text, 1, MOST_CONNECTIONS);
      case URL -> url(text);
      case LIST -> list(text);
      case LOCATIONS -> locations(text);
      case SOURCES -> sources(text);
      case CIDRS -> list(text).stream().map(Cidr::parse).toList();
      case SIZE -> size(text);
      case RATE -> rate(text.endsWith("/s") ? text.substring(0, text.length() - 2) : text);
      case DURATION -> duration(text);
      case HOUR -> hour(text);
      case BOOLEAN -> flag(text);
      case ADOPTED -> adopted(text);
      case DATABASE -> database(text);
      case SECRET -> secret(text);
    };
  }

  private static String host(String text) {
    if (!text.matches("[A-Za-z0-9._:\\[\\]-]+")) {
      throw new IllegalValue("it is neither an address nor a name", null);
    }
    return text;
  }

  private static Integer number(String text, int least, int most) {
    try {
      int value = Integer.parseInt(text);
      if (value >= least && value <= most) {
        return value;
      }
    } catch (NumberFormatException e) {
      throw new IllegalValue("it is not a number", e);
    }
    throw new IllegalValue("it is out of range", null);
  }

  private static URI url(String text) {
    try {
      URI uri = new URI(text);
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (!scheme.equals("http") && !scheme.equals("https")) {
        throw new IllegalValue("it does not begin with http:// or https://", null);
      }
      if (uri.getHost() == null) {
        throw new IllegalValue("it has no host", null);
      }
      if (uri.getRawUserInfo() != null
          || uri.getRawQuery() != null
          || uri.getRawFragment() != null) {
        throw new IllegalValue("it has a user, a query or a fragment", null);
      }
      return uri;
    } catch (URISyntaxException e) {
      throw new IllegalValue("it is not an address", e);
    }
  }

  private static List<String> list(String text) {
    List<String> parts = new ArrayList<>();
    for (String part : text.split(",", -1)) {
      if (!part.isBlank()) {
        parts.add(part.strip());
      }
    }
    return List.copyOf(parts);
  }

  private static List<String> locations(String text) {
    List<String> parts = list(text);
    for (String part : parts) {
      if (!part.matches("[A-Za-z0-9._-]+=.+")) {
        throw new IllegalValue("'" + part + "' is not name=path", null);
      }
    }
    return parts;
  }

  private static Map<String, Long> sources(String text) {
    Map<String, Long> limits = new TreeMap<>();
    for (String part : list(text)) {
      int equals = part.indexOf('=');
      if (equals < 0) {
        throw new IllegalValue("'" + part + "' is not name=size", null);
      }
      String name = part.substring(0, equals).strip();
      if (!SOURCE_NAMES.contains(name)) {
        throw new IllegalValue(
            "there is no source '%s', only %s".formatted(name, String.join(", ", SOURCE_NAMES)),
            null);
      }
      if (limits.put(name, size(part.substring(equals + 1).strip())) != null) {
        throw new IllegalValue("'" + name + "' has two limits", null);
      }
    }
    return Collections.unmodifiableMap(limits);
  }

  private static Long size(String text) {
    try {
      return Sizes.parse(text);
    } catch (InvalidName e) {
      throw new IllegalValue("it is not a size", e);
    }
  }

  private static Long rate(String text) {
    long rate = size(text);
    if (rate == 0) {
      throw new IllegalValue("nothing would ever be done at that rate", null);
    }
    return rate;
  }

  private static Duration duration(String text) {
    return Durations.parse(text).orElseThrow(() -> new IllegalValue("it is not a duration", null));
  }

  /** Empty for {@code off}. */
  private static Optional<LocalTime> hour(String text) {
    if (text.equalsIgnoreCase("off")) {
      return Optional.empty();
    }
    try {
      return Optional.of(LocalTime.parse(text));
    } catch (DateTimeParseException e) {
      throw new IllegalValue("it is not a time of day", e);
    }
  }

  private static Boolean flag(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "true", "1", "yes", "on" -> true;
      case "false", "0", "no", "off" -> false;
      default -> throw new IllegalValue("it is neither true nor false", null);
    };
  }

  private static String adopted(String text) {
    if (!text.equals("public")) {
      throw new IllegalValue("the only value there is is 'public'", null);
    }
    return text;
  }

  private static String database(String text) {
    if (text.startsWith("jdbc:")) {
      throw new IllegalValue(
          "another database than the embedded SQLite is not available yet; remove the setting",
          null);
    }
    throw new IllegalValue("it does not begin with jdbc:", null);
  }

  private static String secret(String text) {
    if (text.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
      throw new IllegalValue("it has a space or a character beyond ASCII", null);
    }
    return text;
  }
}
