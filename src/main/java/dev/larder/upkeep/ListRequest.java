package dev.larder.upkeep;

/**
 * What a list is wanted for. {@code files}: with every file of every repo. {@code rescan}: every
 * folder is read anew, also those that look as they did the last time.
 */
public record ListRequest(boolean files, boolean rescan) {
  public static final ListRequest ALL = new ListRequest(true, false);
}
