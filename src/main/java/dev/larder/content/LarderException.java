package dev.larder.content;

import org.jspecify.annotations.Nullable;

/**
 * Something that was asked for could not be done. Each room has one sealed family below this root.
 *
 * <p>The message says what was tried, on what, what went wrong and what to do about it; it never
 * holds a token or a signed address. {@link #code()} is stable and in kebab-case; {@link #retry()}
 * says whether trying again can help.
 */
public abstract class LarderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  protected LarderException(String message) {
    super(message);
  }

  protected LarderException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /** Stable name of this kind of failure, such as {@code store-full}. */
  public abstract String code();

  /** Whether, and when, the same request may succeed. */
  public abstract Retry retry();

  /** The message, which this family never leaves empty. */
  public final String explanation() {
    return String.valueOf(getMessage());
  }
}
