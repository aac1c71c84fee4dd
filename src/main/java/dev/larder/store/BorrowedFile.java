package dev.larder.store;

import dev.larder.content.Digest;
import dev.larder.content.FileStat.Fingerprint;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Somebody else's file that hashed to {@code digest} when it had this fingerprint, and why it could
 * not be shared.
 */
record BorrowedFile(Digest digest, Path file, Fingerprint fingerprint, String reason) {
  private static final Pattern TEXT =
      Pattern.compile("1 (\\d+) (\\d+) (-?\\d+) (-?\\d+)\n([^\n]*)\n(.+)\n", Pattern.DOTALL);

  BorrowedFile {
    reason = reason.replace('\n', ' ');
  }

  /**
   * As it is kept: the fingerprint, the reason, the path. Below {@code root} the path is relative
   * to it, so that a root that lies elsewhere later still finds its files.
   */
  String text(Path root) {
    return "1 %d %d %d %d\n%s\n%s\n"
        .formatted(
            fingerprint.inode(),
            fingerprint.sizeBytes(),
            fingerprint.modifiedNanos(),
            fingerprint.changedNanos(),
            reason,
            file.startsWith(root) ? root.relativize(file) : file);
  }

  /** Empty when {@code text} was not written by {@link #text}. */
  static Optional<BorrowedFile> parse(Digest digest, String text, Path root) {
    Matcher matcher = TEXT.matcher(text);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    try {
      Fingerprint fingerprint =
          new Fingerprint(
              Long.parseLong(matcher.group(1)),
              Long.parseLong(matcher.group(2)),
              Long.parseLong(matcher.group(3)),
              Long.parseLong(matcher.group(4)));
      return Optional.of(
          new BorrowedFile(digest, root.resolve(matcher.group(6)), fingerprint, matcher.group(5)));
    } catch (NumberFormatException | InvalidPathException e) {
      StoreLog.LOG.debug("the note on {} cannot be read", digest, e);
      return Optional.empty();
    }
  }
}
