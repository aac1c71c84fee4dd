package dev.larder.models;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import dev.larder.resident.EngineException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What can be wrong with a registered model, or with loading one. */
public abstract sealed class ModelsException extends LarderException {
  private static final long serialVersionUID = 1L;

  private ModelsException(String code, Retry retry, String message, @Nullable Throwable cause) {
    super(code, retry, message, cause);
  }

  /** What an engine says, as a failure of this room. */
  public static ModelsException of(EngineException failure, String message) {
    return switch (failure) {
      case EngineException.NothingUsable _ -> new NothingUsable(message, failure);
      case EngineException.UnsafeFormat _ -> new Unsafe(message, failure);
      case EngineException.Broken _ -> new Broken(message, failure);
      case EngineException.NoMemory _ -> new NoRoom(message, failure);
      case EngineException.TooBig _ -> new TooBig(message, failure);
      case EngineException.BadInput _ -> new BadInput(message, failure);
    };
  }

  /** Nothing is registered under the name. */
  public static final class NotRegistered extends ModelsException {
    private static final long serialVersionUID = 1L;

    public NotRegistered(ModelName name) {
      super(
          "model-not-registered",
          Retry.never(),
          "No model is registered as '%s'; 'larder models ls' prints those that are."
              .formatted(name),
          null);
    }
  }

  /** The name is taken. */
  public static final class Exists extends ModelsException {
    private static final long serialVersionUID = 1L;

    public Exists(Registration here) {
      super(
          "model-exists",
          Retry.never(),
          "'%s' is registered already, as %s@%s; choose another name, or remove that one first."
              .formatted(here.name(), here.repo(), here.revision()),
          null);
    }
  }

  /** Neither registered nor cached. */
  public static final class NoSuchModel extends ModelsException {
    private static final long serialVersionUID = 1L;

    public NoSuchModel(String message) {
      super("model-not-found", Retry.never(), message, null);
    }
  }

  /** No engine of that name is installed, or none suits the repo. */
  public static final class UnknownEngine extends ModelsException {
    private static final long serialVersionUID = 1L;

    public UnknownEngine(String message) {
      super("unknown-engine", Retry.never(), message, null);
    }
  }

  /** The repo has nothing that the engine can load; the message lists what it has. */
  public static final class NothingUsable extends ModelsException {
    private static final long serialVersionUID = 1L;

    public NothingUsable(String message, @Nullable Throwable cause) {
      super("model-nothing-usable", Retry.never(), message, cause);
    }
  }

  /** The format can run code, so it is never opened. */
  public static final class Unsafe extends ModelsException {
    private static final long serialVersionUID = 1L;

    public Unsafe(String message, @Nullable Throwable cause) {
      super("model-unsafe-format", Retry.never(), message, cause);
    }
  }

  /** The model's files are not what they should be. */
  public static final class Broken extends ModelsException {
    private static final long serialVersionUID = 1L;

    public Broken(String message, @Nullable Throwable cause) {
      super("model-broken", Retry.never(), message, cause);
    }
  }

  /** A file was written to by somebody else while the model was loaded from it. */
  public static final class Rewritten extends ModelsException {
    private static final long serialVersionUID = 1L;

    public Rewritten(String snapshot, String path) {
      super(
          "model-rewritten",
          Retry.now(),
          "Tried to load a model of %s, but somebody else wrote to %s while it was read; what was loaded is thrown away, and the file is fetched anew for the next load. Find out who writes to the cache."
              .formatted(snapshot, path),
          null);
    }
  }

  /** What the model was given is nothing that it takes, or it cannot do what was asked. */
  public static final class BadInput extends ModelsException {
    private static final long serialVersionUID = 1L;

    public BadInput(String message, @Nullable Throwable cause) {
      super("model-bad-input", Retry.never(), message, cause);
    }
  }

  /** It is larger than all memory that models may take. */
  public static final class TooBig extends ModelsException {
    private static final long serialVersionUID = 1L;

    public TooBig(String message, @Nullable Throwable cause) {
      super("model-too-big", Retry.never(), message, cause);
    }
  }

  /**
   * There is no memory for it now; the message says who holds what of the budget, if it is that.
   */
  public static final class NoRoom extends ModelsException {
    private static final long serialVersionUID = 1L;

    public NoRoom(String message, @Nullable Throwable cause) {
      super("model-memory-full", Retry.after(Duration.ofSeconds(5)), message, cause);
    }
  }

  /** Its load takes longer than anybody would wait; it goes on. */
  public static final class StillLoading extends ModelsException {
    private static final long serialVersionUID = 1L;

    public StillLoading(String message, @Nullable Throwable cause) {
      super("model-still-loading", Retry.after(Duration.ofSeconds(5)), message, cause);
    }
  }

  /** The engine could not load it, for another reason. */
  public static final class LoadFailed extends ModelsException {
    private static final long serialVersionUID = 1L;

    public LoadFailed(String message, @Nullable Throwable cause) {
      super("model-load-failed", Retry.now(), message, cause);
    }
  }

  /** This process has no models in memory: only a server does. */
  public static final class NoServer extends ModelsException {
    private static final long serialVersionUID = 1L;

    public NoServer(String verb) {
      super(
          "models-need-server",
          Retry.never(),
          "Tried to %s a model, but no server runs here, and a model lives in a server's memory; start 'larder serve'."
              .formatted(verb),
          null);
    }
  }

  /** The process is stopping. */
  public static final class Stopping extends ModelsException {
    private static final long serialVersionUID = 1L;

    public Stopping(String message, @Nullable Throwable cause) {
      super("models-closed", Retry.after(Duration.ofSeconds(5)), message, cause);
    }
  }
}
