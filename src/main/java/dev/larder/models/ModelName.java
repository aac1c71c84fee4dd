package dev.larder.models;

import dev.larder.content.InvalidName;
import java.util.regex.Pattern;

/** What a registered model is called: 1 to 96 characters of {@code [A-Za-z0-9._-]}. */
public record ModelName(String value) implements Comparable<ModelName> {
  private static final Pattern VALID = Pattern.compile("[A-Za-z0-9._-]{1,96}");

  /** Throws {@link InvalidName}. */
  public ModelName {
    if (!VALID.matcher(value).matches() || value.equals(".") || value.equals("..")) {
      throw new InvalidName(
          "model name", value, "it has 1 to 96 letters, digits, dots, underscores and hyphens");
    }
  }

  @Override
  public int compareTo(ModelName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
