package dev.larder.mirror;

import dev.larder.content.EntryPath;
import java.util.List;

/** Follows a pull. Called from several threads, never for long. */
public interface PullListener {
  PullListener NONE = new PullListener() {};

  /** What was selected, before the first byte: also the files that are here already. */
  default void planned(List<PulledFile> files) {}

  /** So many bytes of a file have landed, in all. {@code totalBytes} is -1 when not known. */
  default void progress(EntryPath path, long landedBytes, long totalBytes) {}

  /** A file is here and verified. */
  default void done(PulledFile file) {}
}
