package dev.larder.serve.huggingface;

import dev.larder.content.InvalidName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Reads {@code a=1&b=2}, of an address or of a form. */
final class Query {
  private static final Set<String> CREDENTIALS =
      Set.of("token", "access_token", "hf_token", "authorization", "password");

  private Query() {}

  static boolean isTrue(String raw, String name) {
    return fields(raw).stream()
        .anyMatch(field -> field.getKey().equals(name) && isTrue(field.getValue()));
  }

  /** Python writes {@code True} into forms, everybody else {@code true}. */
  static boolean isTrue(String value) {
    return value.equalsIgnoreCase("true") || value.equals("1");
  }

  /**
   * Throws when a credential stands in an address: those are logged and kept, by clients and on the
   * way.
   */
  static void refuseCredentials(String raw) {
    for (String field : raw.split("&", -1)) {
      String name = lenient(field.replaceFirst("=.*", "")).toLowerCase(Locale.ROOT);
      if (CREDENTIALS.contains(name)) {
        throw new InvalidName(
            "query", name + "=…", "credentials belong into the Authorization header");
      }
    }
  }

  static List<Map.Entry<String, String>> fields(String raw) {
    List<Map.Entry<String, String>> fields = new ArrayList<>();
    for (String field : raw.split("&", -1)) {
      int equals = field.indexOf('=');
      if (!field.isEmpty()) {
        fields.add(
            Map.entry(
                decode(equals < 0 ? field : field.substring(0, equals)),
                equals < 0 ? "" : decode(field.substring(equals + 1))));
      }
    }
    return fields;
  }

  /** What encodes nothing stays as it is: nobody reads a credential out of that. */
  private static String lenient(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException _) {
      return text;
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new InvalidName("query", text, "a '%' is not followed by two hexadecimal digits");
    }
  }
}
