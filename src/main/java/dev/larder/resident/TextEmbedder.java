package dev.larder.resident;

import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Makes vectors of texts: those of texts that mean the same point the same way. */
public interface TextEmbedder extends Model {
  /** The length of its vectors. */
  int dimensions();

  /** The names of the prompts that it knows, such as {@code query} and {@code document}. */
  Set<String> prompts();

  /**
   * One vector for each text, in their order. A text that is too long is cut, as the model's own
   * configuration says. {@code prompt}: the name of the prompt to put before each text; empty: the
   * one that the model has for that case, if any. The vector of a text does not depend on the
   * others, as far as the arithmetic of the model allows.
   *
   * @throws EngineException.BadInput for a prompt that it does not know
   */
  Embeddings embed(List<String> texts, Optional<String> prompt);
}
