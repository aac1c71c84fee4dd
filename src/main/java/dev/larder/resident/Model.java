package dev.larder.resident;

/**
 * A model that an engine loaded. What it can do is which of {@link TextEmbedder}, {@link
 * ImageEmbedder}, {@link TextAnalyzer} and {@link TensorModel} it also is. Safe for concurrent use,
 * under a lease; using it after it was closed throws {@link IllegalStateException}, never crashes.
 */
public interface Model {
  /** The name of the engine that made it. */
  String engine();
}
