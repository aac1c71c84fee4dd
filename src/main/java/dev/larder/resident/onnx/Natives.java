package dev.larder.resident.onnx;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The native libraries, each loaded when it is first needed. What they unpack goes to private
 * directories and is removed at once.
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

  private static final Pattern UNPACKED_BY_THE_RUNTIME =
      Pattern.compile("/onnxruntime-java\\d+/libonnxruntime(4j_jni)?\\.so$");

  /** Else the library tells its maker of each program that makes a tokenizer, when on EC2. */
  private static final String TELL_NOBODY = "OPT_OUT_TRACKING";

  private static @Nullable OrtEnvironment runtime;
  private static boolean tokenizersHere;

  private Natives() {}

  /** The runtime. Failures come as exceptions, so it writes nothing to the terminal. */
  static synchronized OrtEnvironment runtime() {
    if (runtime == null) { // Also after a failure: the next model tries again.
      runtime = openInference();
    }
    return runtime;
  }

  /** Returns when the library of the tokenizers is loaded; throws when it cannot be. */
  static synchronized void tokenizers() {
    if (!tokenizersHere) {
      openTokenizers();
      tokenizersHere = true;
    }
  }

  private static OrtEnvironment openInference() {
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "larder");
    tidy(Natives::unpackedByTheRuntime);
    return environment;
  }

  /** Where something lies that is not needed any more. */
  private interface Leftovers {
    Set<Path> find() throws IOException;
  }

  /** The library is there, and works, whatever happens to the files that it came from. */
  private static void tidy(Leftovers leftovers) {
    try {
      for (Path directory : leftovers.find()) {
        remove(directory);
      }
    } catch (IOException | UncheckedIOException e) {
      System.getLogger(Natives.class.getName())
          .log(System.Logger.Level.DEBUG, "unpacked libraries are left behind", e);
    }
  }

  /**
   * It would leave an empty directory for each run of the program, and a full one for each that is
   * killed. Where it lies, only Linux says.
   */
  private static Set<Path> unpackedByTheRuntime() throws IOException {
    Path maps = Path.of("/proc/self/maps");
    if (!Files.isReadable(maps)) {
      return Set.of();
    }
    try (Stream<String> lines = Files.lines(maps, StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> UNPACKED_BY_THE_RUNTIME.matcher(line).find())
          .map(line -> Path.of(line.substring(line.indexOf('/'), line.lastIndexOf('/'))))
          .collect(Collectors.toUnmodifiableSet());
    }
  }

  private static void openTokenizers() {
    if (!isSet(TELL_NOBODY)) {
      System.setProperty(TELL_NOBODY, "true"); // For good: it is asked for again each time.
    }
    List<String> quieted =
        QUIET.keySet().stream().filter(name -> System.getProperty(name) == null).toList();
    quieted.forEach(name -> System.setProperty(name, Objects.requireNonNull(QUIET.get(name))));
    try {
      if (CHOSEN.stream().anyMatch(Natives::isSet)) {
        LibUtils.checkStatus();
      } else {
        unpackTokenizers();
      }
    } finally {
      quieted.forEach(System::clearProperty);
    }
  }

  private static void unpackTokenizers() {
    try {
      Path directory = Files.createTempDirectory("larder-tokenizers");
      System.setProperty(UNPACKED, directory.toString());
      try {
        LibUtils.checkStatus();
      } finally {
        System.clearProperty(UNPACKED);
        tidy(() -> Set.of(directory));
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
