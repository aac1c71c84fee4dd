package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;

/** Where a large file that was asked for by its digest is to be had. */
public sealed interface LfsPlace {
  long sizeBytes();

  /** At a path of a commit: cached as any file is. */
  record File(Commit commit, EntryPath path, long sizeBytes) implements LfsPlace {}

  /** The repo has it, at no path that is known: the hub is asked for it by its digest. */
  record Nameless(long sizeBytes) implements LfsPlace {}
}
