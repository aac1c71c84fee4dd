package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * How a repo wants texts to be embedded.
 *
 * @param pooling several are joined, one behind the other
 * @param normalize whether vectors are made one long
 * @param mostTokens longer texts are cut
 * @param heads of attention, each of which compares each token with each
 * @param lowerCase whether texts are put into lower case before the tokenizer sees them
 * @param prompts texts to put before others, by their names
 * @param defaultPrompt the name of the one for callers that name none
 */
record SentenceSettings(
    List<Pooling> pooling,
    boolean normalize,
    int mostTokens,
    int heads,
    boolean lowerCase,
    Map<String, String> prompts,
    Optional<String> defaultPrompt) {
  SentenceSettings {
    pooling = List.copyOf(pooling);
    prompts = Map.copyOf(prompts);
  }

  /** The text to put before others. Throws {@link EngineException.BadInput} for an unknown name. */
  String prompt(Optional<String> name) {
    if (name.isEmpty()) {
      return defaultPrompt.map(prompts::get).orElse("");
    }
    String prompt = prompts.get(name.get());
    if (prompt == null) {
      throw new EngineException.BadInput(
          "The model has no prompt named \"%s\"; %s."
              .formatted(
                  name.get(),
                  prompts.isEmpty()
                      ? "it has none at all"
                      : "it has " + String.join(", ", new TreeSet<>(prompts.keySet()))),
          null);
    }
    return prompt;
  }
}
