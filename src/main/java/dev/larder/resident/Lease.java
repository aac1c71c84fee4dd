package dev.larder.resident;

/**
 * The right to use a model. While it is open the model is not closed, whatever else happens to it.
 * Close it in a try-with-resources: a forgotten lease keeps its model in memory, and {@link
 * ResidentModels#leases} names it.
 *
 * <p>Safe for use by several threads; whether the model is, is up to the model.
 */
public interface Lease<M> extends AutoCloseable {
  /** The model; throws {@link IllegalStateException} once the lease is closed. */
  M model();

  ModelKey<M> key();

  /** Who took it, as given to {@code acquire}. */
  String owner();

  /** Whether the model was in memory already when it was asked for. */
  boolean hit();

  /** Ends the use; the second time does nothing. May close the model when it was unloaded. */
  @Override
  void close();
}
