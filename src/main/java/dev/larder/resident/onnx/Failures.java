package dev.larder.resident.onnx;

import ai.onnxruntime.OrtException;
import dev.larder.resident.EngineException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/** What the runtime says went wrong, for those who use a model. */
final class Failures {
  private static final int LONGEST = 400;

  private Failures() {}

  /** {@code name}: as the repo calls the file. */
  static EngineException ofLoad(String name, Path file, OrtException e) {
    return isMemory(e)
        ? new EngineException.NoMemory(
            "Tried to load %s, but the machine has not enough memory for it.".formatted(name), e)
        : new EngineException.Broken(
            "Tried to load %s, but the runtime says: %s"
                .formatted(name, oneLine(message(e).replace(file.toString(), name))),
            e);
  }

  /** Shapes that do not go together, unless it is the memory. */
  static EngineException ofRun(String name, OrtException e) {
    return isMemory(e)
        ? new EngineException.NoMemory(
            "Tried to run %s, but the machine has not enough memory for this input."
                .formatted(name),
            e)
        : new EngineException.BadInput(
            "Tried to run %s, but the runtime says: %s".formatted(name, oneLine(message(e))), e);
  }

  private static boolean isMemory(OrtException e) {
    String message = message(e).toLowerCase(Locale.ROOT);
    return Stream.of("bad_alloc", "bad allocation", "failed to allocate", "out of memory")
        .anyMatch(message::contains);
  }

  private static String message(OrtException e) {
    return String.valueOf(e.getMessage());
  }

  private static String oneLine(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }
}
