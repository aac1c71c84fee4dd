package dev.larder.store;

import dev.larder.content.FullDisk;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import dev.larder.content.Sizes;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What the store could not do. */
public abstract sealed class StoreException extends LarderException {
  private static final long serialVersionUID = 1L;

  private StoreException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(code, retry, message, cause);
  }

  /** Whether {@code failure} is want of room, in the store or on a file system. */
  public static boolean isWantOfRoom(RuntimeException failure) {
    return failure instanceof LarderException known && known.code().equals("store-full");
  }

  /** There is no room for what would have to be written. */
  public static final class StoreFull extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreFull(String what, long neededBytes, long availableBytes, String remedy) {
      this(
          "Tried to reserve %s for %s but only %s can be used; %s."
              .formatted(
                  Sizes.format(neededBytes),
                  what,
                  Sizes.format(Math.max(0, availableBytes)),
                  remedy));
    }

    private StoreFull(String message) {
      super("store-full", Retry.after(Duration.ofSeconds(5)), message, null);
    }

    /** {@code refusal}, and who holds the space. */
    public static StoreFull heldBy(LarderException refusal, String holders) {
      String said = refusal.explanation() + (holders.isEmpty() ? "" : " " + holders);
      StoreFull told = new StoreFull(said);
      told.addSuppressed(refusal);
      return told;
    }
  }

  /** Bytes do not hash to what was expected. */
  public static final class BlobMismatch extends StoreException {
    private static final long serialVersionUID = 1L;

    private final Identity expected;
    private final Identity found;

    public BlobMismatch(Identity expected, Identity found, String consequence) {
      super(
          "blob-mismatch",
          Retry.now(),
          "Expected bytes of %s but they hash to %s; %s.".formatted(expected, found, consequence),
          null);
      this.expected = expected;
      this.found = found;
    }

    public Identity expected() {
      return expected;
    }

    public Identity found() {
      return found;
    }
  }

  /** The file system refused. A full disk has the code of every lack of room. */
  public static final class StoreIo extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreIo(String message, @Nullable Throwable cause) {
      super(
          FullDisk.is(cause) ? "store-full" : "store-io",
          Retry.after(Duration.ofSeconds(1)),
          message,
          cause);
    }
  }

  /** Another process owns the store. */
  public static final class StoreBusy extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreBusy(String message) {
      super("store-busy", Retry.never(), message, null);
    }
  }

  /** This process can read the store but not write it. {@code full}: for want of room. */
  public static final class StoreReadOnly extends StoreException {
    private static final long serialVersionUID = 1L;

    public StoreReadOnly(String message, boolean full, @Nullable Throwable cause) {
      super(full ? "store-full" : "store-io", Retry.never(), message, cause);
    }
  }
}
