package dev.larder.resident;

import java.util.Optional;

/**
 * What its registration says of a model. {@code file}: the path of the weights in the repo, where
 * the engine's own choice is not meant.
 */
public record ModelOptions(Optional<String> file) {
  public static final ModelOptions NONE = new ModelOptions(Optional.empty());

  public static ModelOptions ofFile(String path) {
    return new ModelOptions(Optional.of(path));
  }
}
