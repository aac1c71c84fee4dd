package dev.larder.access;

/** What the hub said to one caller about one repo, while it may still be believed. */
public sealed interface Verdict {
  /** The caller was given a file. */
  record Allowed() implements Verdict {}

  /** The caller was refused, in these words. */
  record Denied(int status, String code, String message) implements Verdict {}
}
