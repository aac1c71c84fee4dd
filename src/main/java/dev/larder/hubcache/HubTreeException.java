package dev.larder.hubcache;

import dev.larder.content.FullDisk;
import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The cache tree could not be read or written. A full disk has the code of every lack of room. */
public final class HubTreeException extends LarderException {
  private static final long serialVersionUID = 1L;

  public HubTreeException(String message, @Nullable Throwable cause) {
    super(
        FullDisk.is(cause) ? "store-full" : "hub-tree-io",
        Retry.after(Duration.ofSeconds(1)),
        message,
        cause);
  }
}
