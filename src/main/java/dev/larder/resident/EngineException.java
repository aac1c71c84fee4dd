package dev.larder.resident;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An engine cannot make a model of these files, or a model cannot take this input. Trying again
 * with the same helps with {@link NoMemory} alone.
 */
public abstract sealed class EngineException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final String code;

  private EngineException(String code, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.code = code;
  }

  /** Name of this kind of failure, in kebab-case; it never changes. */
  public final String code() {
    return code;
  }

  /** None of the repo's files is one that the engine can load. */
  public static final class NothingUsable extends EngineException {
    private static final long serialVersionUID = 1L;
    private static final int SHOWN = 40;

    /** {@code reason}: a sentence; what the repo has is added to it. */
    public NothingUsable(String reason, List<String> paths) {
      super("model-nothing-usable", reason + " " + has(paths), null);
    }

    private static String has(List<String> paths) {
      if (paths.isEmpty()) {
        return "The repo has no files.";
      }
      String shown = String.join(", ", paths.subList(0, Math.min(SHOWN, paths.size())));
      return paths.size() <= SHOWN
          ? "The repo has " + shown + "."
          : "The repo has " + shown + " and " + (paths.size() - SHOWN) + " more.";
    }
  }

  /** The format can run code of its own, so it is never opened. */
  public static final class UnsafeFormat extends EngineException {
    private static final long serialVersionUID = 1L;

    public UnsafeFormat(String message) {
      super("model-unsafe-format", message, null);
    }
  }

  /** A file is not what it should be. */
  public static final class Broken extends EngineException {
    private static final long serialVersionUID = 1L;

    public Broken(String message, @Nullable Throwable cause) {
      super("model-broken", message, cause);
    }
  }

  /** There is not enough memory for it now, of a kind that no budget counts. */
  public static final class NoMemory extends EngineException {
    private static final long serialVersionUID = 1L;

    public NoMemory(String message, @Nullable Throwable cause) {
      super("model-memory-short", message, cause);
    }
  }

  /** It takes more of a kind of memory than this process has, whatever else is let go of. */
  public static final class TooBig extends EngineException {
    private static final long serialVersionUID = 1L;

    public TooBig(String message) {
      super("model-too-big", message, null);
    }
  }

  /** What the model was given is not what it takes. */
  public static final class BadInput extends EngineException {
    private static final long serialVersionUID = 1L;

    public BadInput(String message, @Nullable Throwable cause) {
      super("model-bad-input", message, cause);
    }
  }
}
