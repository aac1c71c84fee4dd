package dev.larder.content;

/**
 * Path of one entry in a snapshot, parts separated by {@code /}. Cannot leave the directory it is
 * put into.
 */
public record EntryPath(String value) implements Comparable<EntryPath> {
  public EntryPath {
    Names.checkRelative("file path", value);
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
