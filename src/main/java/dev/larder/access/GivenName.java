package dev.larder.access;

import dev.larder.content.InvalidName;
import java.util.regex.Pattern;

/** How accounts and groups may be called. */
final class GivenName {
  private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

  private GivenName() {}

  static void check(String what, String name) {
    if (!FORM.matcher(name).matches()) {
      throw new InvalidName(
          what, name, "use 1 to 64 letters, digits, '.', '_' and '-', the first a letter or digit");
    }
  }
}
