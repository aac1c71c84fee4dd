package dev.larder.models;

import dev.larder.content.LarderException;
import dev.larder.resident.EngineException;
import dev.larder.resident.ResidentException;
import java.io.IOException;

/** Tells failures of memory, engines and files as this room's own. Pure. */
final class Failures {
  private Failures() {}

  /** What is said instead of {@code failure}; a {@link LarderException} stays what it is. */
  static LarderException of(Meant meant, Throwable failure) {
    return switch (failure) {
      case LarderException known -> known;
      case EngineException ofEngine -> engine(meant, ofEngine);
      case ResidentException ofMemory -> memory(meant, ofMemory);
      case OutOfMemoryError error -> failed(meant, "this process has no memory left", error);
      case IOException io -> failed(meant, said(io), io);
      default -> failed(meant, failure.getClass().getSimpleName() + ": " + said(failure), failure);
    };
  }

  private static LarderException engine(Meant meant, EngineException failure) {
    boolean ofInput = failure instanceof EngineException.BadInput;
    return ModelsException.of(failure, ofInput ? said(failure) : tried(meant) + said(failure));
  }

  private static LarderException memory(Meant meant, ResidentException failure) {
    String message = said(failure);
    return switch (failure) {
      case ResidentException.TooBig _ ->
          new ModelsException.TooBig(
              message + " LARDER_MODEL_MEMORY sets how much loaded models may take.", failure);
      case ResidentException.NoRoom _, ResidentException.QueueFull _ ->
          new ModelsException.NoRoom(message, failure);
      case ResidentException.StillLoading _ -> new ModelsException.StillLoading(message, failure);
      case ResidentException.Interrupted _, ResidentException.Closed _ ->
          new ModelsException.Stopping(message, failure);
      case ResidentException.LoadFailed _ ->
          failure.getCause() == null
              ? new ModelsException.LoadFailed(message, failure)
              : of(meant, failure.getCause());
    };
  }

  private static LarderException failed(Meant meant, String reason, Throwable failure) {
    return new ModelsException.LoadFailed(tried(meant) + reason, failure);
  }

  private static String tried(Meant meant) {
    return meant.as().isPresent()
        ? "Tried to load '%s' (%s): ".formatted(meant.key(), meant.snapshot())
        : "Tried to load %s: ".formatted(meant.snapshot());
  }

  private static String said(Throwable failure) {
    return failure.getMessage() == null ? failure.toString() : failure.getMessage();
  }
}
