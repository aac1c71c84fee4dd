package dev.larder.content;

import org.jspecify.annotations.Nullable;

/**
 * Something that was asked for could not be done. Each room has one sealed family below this root.
 *
 * <p>The message says what was tried, on what, what went wrong and what to do about it; it never
 * holds a token or a signed address.
 */
public abstract class LarderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final Retry retry;

  /** {@code code}: see {@link #code()}. A literal at each kind: tests find it in its class file. */
  protected LarderException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
    this.retry = retry;
  }

  /**
   * Name of this kind of failure, such as {@code store-full}: a promise to scripts and pages, in
   * kebab-case, that never changes.
   */
  public final String code() {
    return code;
  }

  /** Whether, and when, the same request may succeed. */
  public final Retry retry() {
    return retry;
  }

  /** The message, which this family never leaves empty. */
  public final String explanation() {
    return String.valueOf(getMessage());
  }
}
