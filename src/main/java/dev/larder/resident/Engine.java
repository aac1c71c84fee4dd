package dev.larder.resident;

import java.util.List;

/**
 * Makes models of files, in one way. Found by {@link Engines}; has a public constructor without
 * parameters, keeps nothing between calls, and is safe for concurrent use.
 *
 * <p>It asks for the files that it needs, so that nothing else of a repo is brought here. It never
 * runs code that comes with a model: formats that do so are refused with {@link
 * EngineException.UnsafeFormat}.
 */
public interface Engine {
  /** As registrations name it, such as {@code onnx}. */
  String name();

  /** Whether some of these files look like a model for it. By their names alone. */
  boolean suits(List<String> paths);

  /** Whether a file of this name may be its model, where somebody says that it is one. */
  default boolean mayTake(String path) {
    return suits(List.of(path));
  }

  /**
   * Says why it {@link #suits} none of these files, by their names alone: throws {@link
   * EngineException.UnsafeFormat} for weights that run code, or {@link
   * EngineException.NothingUsable}. Returns when it has nothing to say.
   */
  default void refuse(List<String> paths, ModelOptions options) {}

  /**
   * Brings all files that the model needs and no others, and answers their paths. Blocks. Throws
   * {@link EngineException.NothingUsable} or {@link EngineException.UnsafeFormat} before anything
   * large is fetched, and whatever {@link ModelFiles#bring} throws.
   */
  List<String> gather(ModelFiles files, ModelOptions options) throws Exception;

  /** How many bytes of memory it will take, of files that {@link #gather} brought. */
  long estimateBytes(ModelFiles files, ModelOptions options) throws Exception;

  /**
   * Loads what {@link #gather} brought. {@code files} stay open until the model is closed. Throws
   * {@link EngineException.Broken} when they are not what they should be.
   */
  Loaded<? extends Model> load(ModelFiles files, ModelOptions options) throws Exception;
}
