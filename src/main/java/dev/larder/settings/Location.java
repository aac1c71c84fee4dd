package dev.larder.settings;

import java.nio.file.Path;

/**
 * One cache among several: {@code root} with Larder's own files in {@code larder} below it, and the
 * Hugging Face cache directory {@code hub}. {@code variable} is the setting that names it, {@code
 * place} where that was set.
 */
public record Location(String name, Path root, Path hub, String variable, String place) {
  public static final String PRIMARY = "primary";
  static final String SECONDARY = "secondary";

  public boolean isPrimary() {
    return name.equals(PRIMARY);
  }

  /** As messages call it: {@code secondary (/mnt/b, SECONDARY_CACHE_PATH)}. */
  @Override
  public String toString() {
    return "%s (%s, %s)".formatted(name, root, variable);
  }

  Location movedTo(Path newRoot) {
    return new Location(name, newRoot, newRoot.resolve("hub"), variable, place);
  }

  boolean overlaps(Location other) {
    return overlap(root, other.root) || overlap(root, other.hub) || overlap(hub, other.root);
  }

  private static boolean overlap(Path one, Path other) {
    return one.startsWith(other) || other.startsWith(one);
  }
}
