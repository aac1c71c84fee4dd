package dev.larder.location;

/** Follows a copy. Called from one thread. */
public interface MoveListener {
  MoveListener NONE = (_, _, _) -> {};

  /** So many bytes of so many are there; {@code file} is on its way. */
  void progress(String file, long copiedBytes, long totalBytes);
}
