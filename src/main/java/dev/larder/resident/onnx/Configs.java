package dev.larder.resident.onnx;

import dev.larder.resident.EngineException;
import dev.larder.resident.ModelFiles;
import java.nio.file.Files;
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

  /**
   * Those that people and exporters write have some KiB; the vocabularies of the largest, 40 MB.
   */
  private static final long LARGEST = 16L << 20;

  private static final long LARGEST_TOKENIZER = 128L << 20;

  private static final JsonMapper JSON = new JsonMapper();

  private final ModelFiles files;

  Configs(ModelFiles files) {
    this.files = files;
  }

  boolean has(String path) {
    return files.paths().contains(path);
  }

  /** The file of the tokenizer, whole. */
  byte[] tokenizer() throws Exception {
    return read(TOKENIZER, LARGEST_TOKENIZER);
  }

  /** All of this is held on the heap, which is everybody's. */
  private byte[] read(String path, long most) throws Exception {
    long bytes = Files.size(files.file(path));
    if (bytes > most) {
      throw broken(path, "has %d bytes; at most %d are read".formatted(bytes, most), null);
    }
    return files.read(path);
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
      return JSON.readTree(read(path, LARGEST));
    } catch (JacksonException e) {
      throw broken(path, "is no JSON: " + e.getOriginalMessage(), e);
    }
  }
}
