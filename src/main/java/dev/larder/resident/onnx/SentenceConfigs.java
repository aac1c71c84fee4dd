package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * Reads {@link SentenceSettings} from the files that Sentence Transformers writes, and from the
 * model's own where they say nothing.
 */
final class SentenceConfigs {
  /** Where nobody says how long a text may be. */
  private static final int USUAL_MOST_TOKENS = 512;

  /** So many tokens of one text take gigabytes of attention already. */
  private static final int MOST_TOKENS = 32_768;

  private static final int USUAL_HEADS = 16;
  private static final int MOST_HEADS = 1024;

  /** Those whose positions begin behind that of padding, which is 1. */
  private static final Set<String> POSITIONS_FROM_TWO =
      Set.of("roberta", "xlm-roberta", "camembert", "mpnet", "xlm-roberta-xl", "data2vec-text");

  /**
   * As the model card of nomic-embed-text says. It works without one, but no task means none of
   * them.
   */
  private static final Map<String, String> NOMIC_PROMPTS =
      Map.of(
          "search_query", "search_query: ",
          "search_document", "search_document: ",
          "clustering", "clustering: ",
          "classification", "classification: ");

  private final Configs configs;

  SentenceConfigs(Configs configs) {
    this.configs = configs;
  }

  /** The configuration of each module, of those files that the repo has. */
  static List<String> moduleConfigs(Configs configs) throws Exception {
    List<String> paths = new ArrayList<>();
    for (JsonNode module : configs.objects(Configs.MODULES)) {
      String folder = Configs.text(module, "path");
      if (!folder.isEmpty() && configs.has(folder + "/config.json")) {
        paths.add(folder + "/config.json");
      }
    }
    return paths;
  }

  /**
   * @param pooled whether the model's output is one vector for each text already, so that no module
   *     is left to be done here
   */
  SentenceSettings read(boolean pooled) throws Exception {
    JsonNode sentences = configs.object(Configs.SENTENCES);
    JsonNode prompts = configs.object(Configs.PROMPTS);
    List<JsonNode> modules = configs.objects(Configs.MODULES);
    List<Pooling> pooling = pooled ? List.of() : pooling(modules);
    boolean normalize =
        !pooled
            && (modules.isEmpty() || modules.stream().anyMatch(m -> kind(m).equals("Normalize")));
    Map<String, String> known = prompts(prompts);
    return new SentenceSettings(
        pooling,
        normalize,
        mostTokens(sentences),
        heads(),
        sentences.path("do_lower_case").asBoolean(false),
        known,
        defaultPrompt(prompts, known));
  }

  private List<Pooling> pooling(List<JsonNode> modules) throws Exception {
    List<Pooling> found = modules.isEmpty() ? List.of(Pooling.MEAN) : List.of();
    for (JsonNode module : modules) {
      switch (kind(module)) {
        case "Transformer", "Normalize", "Dropout" -> {
          // The first is the model itself, the second is read elsewhere, the third is for training.
        }
        case "Pooling" -> found = pooling(Configs.text(module, "path") + "/config.json");
        default ->
            throw new EngineException.Broken(
                "modules.json wants %s, which this engine does not have; export the model with it, as an output named sentence_embedding."
                    .formatted(Configs.text(module, "type")),
                null);
      }
    }
    if (found.isEmpty()) {
      throw Configs.broken(Configs.MODULES, "names no pooling module", null);
    }
    return found;
  }

  private List<Pooling> pooling(String path) throws Exception {
    JsonNode config = configs.object(path);
    Optional<String> unknown = Pooling.unknown(config);
    if (unknown.isPresent()) {
      throw Configs.broken(
          path, "wants " + unknown.get() + ", which this engine does not have", null);
    }
    List<Pooling> pooling = Pooling.of(config);
    if (pooling.isEmpty()) {
      throw Configs.broken(path, "says no way of pooling that this engine has", null);
    }
    if (config.has("include_prompt") && !config.path("include_prompt").asBoolean(true)) {
      throw Configs.broken(path, "leaves prompts out of the mean, which this engine cannot", null);
    }
    return pooling;
  }

  /** {@code sentence_transformers.models.Pooling} is a {@code Pooling}, and so is a later name. */
  private static String kind(JsonNode module) {
    String type = Configs.text(module, "type");
    return type.substring(type.lastIndexOf('.') + 1);
  }

  private int heads() throws Exception {
    JsonNode model = configs.object(Configs.MODEL);
    return (int)
        Stream.of("num_attention_heads", "n_heads", "n_head")
            .map(name -> Configs.positive(model, name))
            .flatMapToLong(OptionalLong::stream)
            .filter(heads -> heads <= MOST_HEADS)
            .findFirst()
            .orElse(USUAL_HEADS);
  }

  private int mostTokens(JsonNode sentences) throws Exception {
    JsonNode model = configs.object(Configs.MODEL);
    OptionalLong positions =
        Stream.of("max_position_embeddings", "n_positions")
            .map(name -> Configs.positive(model, name))
            .flatMapToLong(OptionalLong::stream)
            .findFirst();
    int before = POSITIONS_FROM_TWO.contains(Configs.text(model, "model_type")) ? 2 : 0;
    long most = positions.orElse(MOST_TOKENS + before) - before;
    OptionalLong said =
        Stream.of(
                Configs.positive(sentences, "max_seq_length"),
                Configs.positive(configs.object(Configs.TOKENIZER_CONFIG), "model_max_length"))
            .flatMapToLong(OptionalLong::stream)
            .findFirst();
    long wanted = said.orElse(positions.isPresent() ? most : USUAL_MOST_TOKENS);
    return (int) Math.max(1, Math.min(wanted, Math.min(most, MOST_TOKENS)));
  }

  private Map<String, String> prompts(JsonNode config) throws Exception {
    Map<String, String> prompts = new LinkedHashMap<>();
    config
        .path("prompts")
        .propertyStream()
        .filter(member -> member.getValue().isString())
        .forEach(member -> prompts.put(member.getKey(), member.getValue().stringValue()));
    boolean nomic = Configs.text(configs.object(Configs.MODEL), "model_type").equals("nomic_bert");
    return prompts.isEmpty() && nomic ? NOMIC_PROMPTS : prompts;
  }

  private static Optional<String> defaultPrompt(JsonNode config, Map<String, String> known) {
    String name = Configs.text(config, "default_prompt_name");
    if (name.isEmpty()) {
      return Optional.empty();
    }
    if (!known.containsKey(name)) {
      throw Configs.broken(
          Configs.PROMPTS,
          "names \"" + name + "\", which it does not have, as its default prompt",
          null);
    }
    return Optional.of(name);
  }
}
