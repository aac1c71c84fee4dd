package dev.larder.location;

import dev.larder.content.FullDisk;
import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import org.jspecify.annotations.Nullable;

/** What is wrong with where a cache lies, or with moving it. */
public abstract sealed class LocationException extends LarderException {
  private static final long serialVersionUID = 1L;

  private LocationException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(code, retry, message, cause);
  }

  /** It is somewhere else than the settings say. */
  public static final class Moved extends LocationException {
    private static final long serialVersionUID = 1L;

    public Moved(String message) {
      super("location-moved", Retry.never(), message, null);
    }
  }

  /** It is not there: not mounted, most often. */
  public static final class Absent extends LocationException {
    private static final long serialVersionUID = 1L;

    public Absent(String message) {
      super("location-absent", Retry.never(), message, null);
    }
  }

  /** No setting names it. */
  public static final class Unknown extends LocationException {
    private static final long serialVersionUID = 1L;

    public Unknown(String message) {
      super("no-such-location", Retry.never(), message, null);
    }
  }

  /** It cannot be moved there. */
  public static final class BadTarget extends LocationException {
    private static final long serialVersionUID = 1L;

    public BadTarget(String message) {
      super("bad-usage", Retry.never(), message, null);
    }
  }

  /** Somebody works in it. */
  public static final class InUse extends LocationException {
    private static final long serialVersionUID = 1L;

    public InUse(String message) {
      super("store-busy", Retry.never(), message, null);
    }
  }

  /** There is no room for it. */
  public static final class Full extends LocationException {
    private static final long serialVersionUID = 1L;

    public Full(String message) {
      super("store-full", Retry.never(), message, null);
    }
  }

  /** A file is not what its name says. */
  public static final class Damaged extends LocationException {
    private static final long serialVersionUID = 1L;

    public Damaged(String message) {
      super("blob-mismatch", Retry.never(), message, null);
    }
  }

  /** The file system refused. */
  public static final class Io extends LocationException {
    private static final long serialVersionUID = 1L;

    Io(String message, Throwable cause) {
      super(FullDisk.is(cause) ? "store-full" : "store-io", Retry.never(), message, cause);
    }
  }
}
