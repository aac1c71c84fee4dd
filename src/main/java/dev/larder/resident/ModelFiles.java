package dev.larder.resident;

import java.nio.file.Path;
import java.util.Collection;
import java.util.List;

/**
 * The files of one repo at one commit, brought here when an engine asks for them. Used by one
 * thread at a time.
 */
public interface ModelFiles {
  /** Of all files that the repo has, with {@code /} between folders. Here or not. */
  List<String> paths();

  /** As the repo says; -1 when it does not. */
  long sizeBytes(String path);

  /** Makes sure that these are here and verified. Blocks; throws when one cannot be had. */
  void bring(Collection<String> paths) throws Exception;

  /**
   * The bytes of one that was brought, for files that are read whole: configuration, tokenizers.
   */
  byte[] read(String path) throws Exception;

  /**
   * A file with the bytes of one that was brought, to be read by its path and closed again while a
   * model is loaded. Its name need not be that in the repo. It is not removed before the model is
   * closed; others may have a link to it, so it must never be mapped into memory.
   */
  Path file(String path) throws Exception;

  /**
   * A directory that has these, and no others, under their names in the repo: real files that
   * nobody else has a link to, so that they may be mapped. It stays until the model is closed.
   */
  Path directory(Collection<String> paths) throws Exception;
}
