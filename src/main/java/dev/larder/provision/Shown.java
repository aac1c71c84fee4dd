package dev.larder.provision;

import dev.larder.content.InvalidName;

/** Names from outside as a sentence may hold them. */
final class Shown {
  /** A path is longer than most names. */
  private static final int LONGEST = 200;

  private Shown() {}

  static String of(String name) {
    return InvalidName.quoted(name, LONGEST);
  }
}
