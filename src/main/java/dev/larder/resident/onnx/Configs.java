package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import dev.larder.resident.ModelFiles;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * The JSON files beside a model. Which there are is up to the repo; one that is missing is empty.
 */
final class Configs {
  static final String MODEL = "config.json";
  static final String TOKENIZER = "tokenizer.json";
  static final String TOKENIZER_CONFIG = "tokenizer_config.json";
  static final String MODULES = "modules.json";
  static final String SENTENCES = "sentence_bert_config.json";
  static final String PROMPTS = "config_sentence_transformers.json";
  static final String PREPROCESSOR = "preprocessor_config.json";

  /** All that is asked for by a name that does not depend on the repo. */
  static final List<String> NAMES =
      List.of(
          MODEL,
          TOKENIZER,
          TOKENIZER_CONFIG,
          "special_tokens_map.json",
          MODULES,
          SENTENCES,
          PROMPTS,
          PREPROCESSOR);

  private static final JsonMapper JSON = new JsonMapper();

  private final ModelFiles files;

  Configs(ModelFiles files) {
    this.files = files;
  }

  boolean has(String path) {
    return files.paths().contains(path);
  }

  /** An object. */
  JsonNode object(String path) throws Exception {
    JsonNode node = tree(path);
    if (!node.isObject()) {
      throw broken(path, "holds no JSON object", null);
    }
    return node;
  }

  /** The objects of a list. */
  List<JsonNode> objects(String path) throws Exception {
    JsonNode node = tree(path);
    if (!node.isArray() && !node.isEmpty()) {
      throw broken(path, "holds no list", null);
    }
    List<JsonNode> objects = node.valueStream().toList();
    if (!objects.stream().allMatch(JsonNode::isObject)) {
      throw broken(path, "holds a list of something else than objects", null);
    }
    return objects;
  }

  /** The text of a member, or empty. */
  static String text(JsonNode object, String name) {
    JsonNode value = object.path(name);
    return value.isString() ? value.stringValue() : "";
  }

  /** A member above zero. Configurations write none as null, -1, or a number beyond all use. */
  static OptionalLong positive(JsonNode object, String name) {
    JsonNode value = object.path(name);
    boolean plain = value.isIntegralNumber() && value.canConvertToLong() && value.longValue() > 0;
    return plain ? OptionalLong.of(value.longValue()) : OptionalLong.empty();
  }

  static EngineException.Broken broken(String path, String what, @Nullable Throwable cause) {
    return new EngineException.Broken("%s %s.".formatted(path, what), cause);
  }

  private JsonNode tree(String path) throws Exception {
    if (!has(path)) {
      return JsonNodeFactory.instance.objectNode();
    }
    try {
      return JSON.readTree(files.read(path));
    } catch (JacksonException e) {
      throw broken(path, "is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
