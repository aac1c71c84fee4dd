package dev.larder.upkeep;

/** Follows a verification. Called from several threads, one at a time. */
public interface VerifyListener {
  VerifyListener NONE = new VerifyListener() {};

  /** So many bytes were read of so many, {@code name} just now. */
  default void progress(String name, long checkedBytes, long totalBytes) {}

  /** Something is wrong; it also comes in the report, perhaps repaired by then. */
  default void found(Finding finding) {}
}
