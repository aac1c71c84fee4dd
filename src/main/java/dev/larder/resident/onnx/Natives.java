package dev.larder.resident.onnx;

import ai.djl.huggingface.tokenizers.jni.TokenizersLibrary;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * The native libraries, each loaded when it is first needed. What they unpack goes to private
 * directories and is removed: that of the tokenizers at once, that of the runtime when the program
 * ends.
 */
final class Natives {
  /**
   * Both have variables and properties of their own, which are left as they are. Where none is set,
   * nothing must be looked for in the network or the home directory while the library is loaded.
   */
  private static final Map<String, String> QUIET =
      Map.of("RUST_FLAVOR", "cpu", "ai.djl.offline", "true");

  private static final String UNPACKED = "ENGINE_CACHE_DIR";
  private static final List<String> CHOSEN =
      List.of("RUST_LIBRARY_PATH", UNPACKED, "DJL_CACHE_DIR");

  private Natives() {}

  /** The runtime. Failures come as exceptions, so it writes nothing to the terminal. */
  static OrtEnvironment runtime() {
    return Inference.ENVIRONMENT;
  }

  /** Returns when the library of the tokenizers is loaded. */
  static void tokenizers() {
    Objects.requireNonNull(Tokenizers.LIBRARY);
  }

  private static final class Inference {
    static final OrtEnvironment ENVIRONMENT =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "larder");
  }

  private static final class Tokenizers {
    static final TokenizersLibrary LIBRARY = openTokenizers();
  }

  private static TokenizersLibrary openTokenizers() {
    List<String> quieted =
        QUIET.keySet().stream().filter(name -> System.getProperty(name) == null).toList();
    quieted.forEach(name -> System.setProperty(name, Objects.requireNonNull(QUIET.get(name))));
    try {
      return CHOSEN.stream().anyMatch(Natives::isSet) ? TokenizersLibrary.LIB : unpackTokenizers();
    } finally {
      quieted.forEach(System::clearProperty);
    }
  }

  private static TokenizersLibrary unpackTokenizers() {
    try {
      Path directory = Files.createTempDirectory("larder-tokenizers");
      System.setProperty(UNPACKED, directory.toString());
      try {
        return TokenizersLibrary.LIB;
      } finally {
        System.clearProperty(UNPACKED);
        remove(directory);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(
          "Tried to unpack the tokenizers' library in " + System.getProperty("java.io.tmpdir"), e);
    }
  }

  /** What is loaded stays loaded without its file; where a system does not allow it, it stays. */
  private static void remove(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        if (!path.toFile().delete()) {
          path.toFile().deleteOnExit();
        }
      }
    }
  }

  private static boolean isSet(String name) {
    return System.getenv(name) != null || System.getProperty(name) != null;
  }
}
