package dev.larder.catalog;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The database could not be opened, read or written. */
public final class CatalogException extends LarderException {
  private static final long serialVersionUID = 1L;

  public CatalogException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  @Override
  public String code() {
    return "catalog-io";
  }

  @Override
  public Retry retry() {
    return Retry.after(Duration.ofSeconds(1));
  }
}
