package dev.larder.serve.openai;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A request for embeddings. {@code dimensions}: how many numbers of each vector are wanted; empty:
 * all. {@code prompt}: an extension, the name of one of the model's prompts. {@code user}: for
 * whom.
 */
record Question(
    String model,
    Input input,
    Format format,
    OptionalInt dimensions,
    Optional<String> prompt,
    Optional<String> user) {

  /** What to embed. */
  sealed interface Input {
    int count();

    /** Texts, none of them empty. */
    record Texts(List<String> texts) implements Input {
      @Override
      public int count() {
        return texts.size();
      }
    }

    /** An extension: pictures, as whole files. */
    record Images(List<byte[]> files) implements Input {
      @Override
      public int count() {
        return files.size();
      }
    }
  }

  /** How vectors are written. */
  enum Format {
    /** As a list of numbers. */
    FLOAT,
    /** As the Base64 of little-endian 32-bit floats, which OpenAI's own clients ask for. */
    BASE64
  }
}
