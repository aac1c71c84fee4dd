package dev.larder.settings;

import dev.larder.content.InvalidName;
import dev.larder.content.Sizes;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What kind of value a setting has and how its text is read. */
public enum Unit {
  PATH("a path; `~` and `$NAME` are expanded"),
  TEXT("text"),
  PORT("a number from 0 to 65535"),
  COUNT("a number from 1 to 64"),
  URL("an address like `https://host:port/path`, without user, query or fragment"),
  LIST("names separated by commas"),
  LOCATIONS("`name=path` separated by commas"),
  CIDRS("networks like `10.0.0.0/8` or `fd00::/8`, separated by commas"),
  SIZE("a size like `500MB`, `5GB` or `4GiB`"),
  RATE("a size a second like `50MB` or `50MB/s`"),
  DURATION("a duration like `60s`, `10m`, `12h` or `7d`"),
  BOOLEAN("`true` or `false`"),
  ADOPTED("`public`"),
  DATABASE("a `jdbc:` address"),
  SECRET("a secret; printable ASCII without spaces");

  private static final int MOST_CONNECTIONS = 64;
  private static final int LAST_PORT = 65_535;

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
      case PORT -> number(text, 0, LAST_PORT);
      case COUNT -> number(text, 1, MOST_CONNECTIONS);
      case URL -> url(text);
      case LIST -> list(text);
      case LOCATIONS -> locations(text);
      case CIDRS -> list(text).stream().map(Cidr::parse).toList();
      case SIZE -> size(text);
      case RATE -> size(text.endsWith("/s") ? text.substring(0, text.length() - 2) : text);
      case DURATION -> duration(text);
      case BOOLEAN -> flag(text);
      case ADOPTED -> adopted(text);
      case DATABASE -> database(text);
      case SECRET -> secret(text);
    };
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

  private static Long size(String text) {
    try {
      return Sizes.parse(text);
    } catch (InvalidName e) {
      throw new IllegalValue("it is not a size", e);
    }
  }

  private static Duration duration(String text) {
    return Durations.parse(text).orElseThrow(() -> new IllegalValue("it is not a duration", null));
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
