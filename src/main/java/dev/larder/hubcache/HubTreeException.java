package dev.larder.hubcache;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cache tree could not be read or written. */
public final class HubTreeException extends LarderException {
  private static final long serialVersionUID = 1L;

  public HubTreeException(String message, @Nullable Throwable cause) {
    super("hub-tree-io", Retry.after(Duration.ofSeconds(1)), message, cause);
  }
}
