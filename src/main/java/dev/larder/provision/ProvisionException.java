package dev.larder.provision;

import dev.larder.content.DiskFailure;
import dev.larder.content.FullDisk;
import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What could not be carried. */
public abstract sealed class ProvisionException extends LarderException {
  private static final long serialVersionUID = 1L;

  private ProvisionException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(code, retry, message, cause);
  }

  /** Something in an archive, or its end, is not as it has to be; nothing of it was published. */
  public static final class ArchiveRefused extends ProvisionException {
    private static final long serialVersionUID = 1L;

    /** {@code entry}: a name in the archive, empty for the archive as a whole. */
    ArchiveRefused(String archive, String entry, String why) {
      super(
          "archive-refused",
          Retry.never(),
          "Refused %s as a whole, nothing of it was restored: %s%s."
              .formatted(archive, entry.isEmpty() ? "" : "'" + Shown.of(entry) + "' ", why),
          null);
    }
  }

  /** A file or directory outside the cache could not be read or written. */
  public static final class ArchiveIo extends ProvisionException {
    private static final long serialVersionUID = 1L;

    ArchiveIo(String tried, IOException cause) {
      super(
          FullDisk.is(cause) ? "store-full" : "archive-io",
          Retry.never(),
          "Tried to %s but failed: %s.".formatted(tried, DiskFailure.reason(cause)),
          cause);
    }
  }

  /** What would be written is there already. */
  public static final class AlreadyThere extends ProvisionException {
    private static final long serialVersionUID = 1L;

    AlreadyThere(Path place, String what, String remedy) {
      super("already-there", Retry.never(), "%s %s; %s.".formatted(place, what, remedy), null);
    }
  }

  /** One archive cannot hold so much. */
  public static final class TooLarge extends ProvisionException {
    private static final long serialVersionUID = 1L;

    TooLarge(Path archive, String what) {
      super(
          "archive-too-large",
          Retry.never(),
          "Nothing was written: %s %s, more than one can have; back up some repos into one and others into another."
              .formatted(archive, what),
          null);
    }
  }

  /** A repo or revision that was named is not in the cache. */
  public static final class NotHere extends ProvisionException {
    private static final long serialVersionUID = 1L;

    NotHere(String what, String remedy) {
      super("not-found", Retry.never(), "%s is not cached; %s.".formatted(what, remedy), null);
    }
  }

  /** What was named holds nothing that could be taken in, or not in this way. */
  public static final class NothingToImport extends ProvisionException {
    private static final long serialVersionUID = 1L;

    NothingToImport(Path directory, String why) {
      super(
          "nothing-to-import",
          Retry.never(),
          "There is nothing to import in %s: %s.".formatted(directory, why),
          null);
    }
  }

  /** A blob of the cache does not hold what its name says. */
  public static final class BlobDamaged extends ProvisionException {
    private static final long serialVersionUID = 1L;

    BlobDamaged(String what) {
      super(
          "content-mismatch",
          Retry.never(),
          "%s does not hash to its name; 'larder verify --repair' fetches it again."
              .formatted(what),
          null);
    }
  }
}
