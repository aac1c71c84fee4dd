package dev.larder.upstream;

/**
 * What a question is about: {@code name} for the very thing, {@code group} for all that may be
 * broken with it while the rest of an upstream is not.
 */
public record Subject(String group, String name) {
  static final Subject NONE = new Subject("", "");
}
