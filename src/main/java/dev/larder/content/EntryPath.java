package dev.larder.content;

import java.util.Optional;

/**
 * Path of one entry in a snapshot, parts separated by {@code /}. Cannot leave the directory it is
 * put into. It may still be a name that is no ordinary one on every system: a hub can list such a
 * file, and nothing is written under it (see {@link #oddity}).
 */
public record EntryPath(String value) implements Comparable<EntryPath> {
  private static final String WHAT = "file path";

  public EntryPath {
    Names.checkContained(WHAT, value);
  }

  /** What somebody asked for: throws {@link InvalidName} for a path with an {@link #oddity} too. */
  public static EntryPath ordinary(String value) {
    return new EntryPath(value).requireOrdinary();
  }

  /**
   * What somebody asked a hub for: a name that is not ordinary everywhere will do, as long as
   * nothing in it hides what it is. Throws {@link InvalidName} for control characters and direction
   * marks.
   */
  public static EntryPath readable(String value) {
    return new EntryPath(value).requireReadable();
  }

  /** This path; throws {@link InvalidName} when it has a control character or direction mark. */
  public EntryPath requireReadable() {
    Names.checkReadable(WHAT, value);
    return this;
  }

  /** This path; throws {@link InvalidName} when it has an {@link #oddity}. */
  public EntryPath requireOrdinary() {
    Names.checkOrdinary(WHAT, value);
    return this;
  }

  /**
   * Why the path is not an ordinary one on every system: a device's name on Windows, a part that
   * ends in a space or a dot, a control character or a direction mark.
   */
  public Optional<String> oddity() {
    return Names.oddity(value);
  }

  public boolean isOrdinary() {
    return oddity().isEmpty();
  }

  /** As a sentence may hold it: quoted, everything but printable ASCII escaped. */
  public String quoted() {
    return "'" + InvalidName.quoted(value) + "'";
  }

  /** How many directories lie above the entry. */
  public int depth() {
    return (int) value.chars().filter(c -> c == '/').count();
  }

  public String fileName() {
    return value.substring(value.lastIndexOf('/') + 1);
  }

  @Override
  public int compareTo(EntryPath other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
