package dev.larder.resident;

import java.util.Objects;

/**
 * What a load brought: the model, the bytes of memory it was measured to take, and what closes it.
 * {@code closing} is called exactly once, after the last lease, on whatever thread ends the use.
 */
public record Loaded<M>(M model, long bytes, AutoCloseable closing) {
  public Loaded {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(closing, "closing");
    if (bytes < 0) {
      throw new IllegalArgumentException("a model cannot take " + bytes + " bytes");
    }
  }

  /** A model that closes itself. */
  public static <M extends AutoCloseable> Loaded<M> of(M model, long bytes) {
    return new Loaded<>(model, bytes, model);
  }
}
