package dev.larder.http;

import dev.larder.content.LarderException;
import org.jspecify.annotations.Nullable;

/** One protocol's paths. All methods are called from many threads. */
public interface Endpoint {
  /**
   * First segment of its paths, such as {@code hf}. The empty string takes what no other endpoint
   * takes.
   */
  String prefix();

  /**
   * On the event loop: the answer when memory alone gives it, else null. Must not block. Must not
   * throw.
   */
  @Nullable Reply peek(Request request);

  /** On a virtual thread: the answer. May block and may throw {@link LarderException}. */
  Reply answer(Request request);

  /** Whether it is answered while the server turns others away: health, the owner's commands. */
  default boolean vital() {
    return false;
  }

  /** What a failure looks like in this protocol; {@code status} is the door's word for it. */
  Reply failure(Request request, LarderException failure, int status);
}
