package dev.larder.hubcache;

import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import java.nio.file.Path;
import java.util.Optional;

/** Where a name of the cache leads. */
sealed interface Followed {
  /** A regular file. {@code identity}: the name of the blob on the way, when there was one. */
  record File(Path file, FileStat stat, Optional<Identity> identity) implements Followed {}

  /** Nothing has that name. */
  record Nothing() implements Followed {}

  /** Something is wrong with it; a part of a sentence that begins after the name. */
  record Wrong(String what) implements Followed {}
}
