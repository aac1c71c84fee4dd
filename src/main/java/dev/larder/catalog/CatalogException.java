package dev.larder.catalog;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The database could not be opened, read or written. */
public final class CatalogException extends LarderException {
  private static final long serialVersionUID = 1L;

  private final boolean full;

  public CatalogException(String message, @Nullable Throwable cause) {
    this(message, false, cause);
  }

  CatalogException(String message, boolean full, @Nullable Throwable cause) {
    super(full ? "store-full" : "catalog-io", Retry.after(Duration.ofSeconds(1)), message, cause);
    this.full = full;
  }

  /** Whether all that is missing is room on its disk. */
  public boolean full() {
    return full;
  }
}
