package dev.larder.resident;

import java.util.Objects;

/**
 * What a model is known by: a name, and the type its callers use it as. Two keys are the same model
 * only if both agree, so nobody gets a model of a type he did not ask for.
 */
public record ModelKey<M>(String name, Class<M> type) {
  public ModelKey {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(type, "type");
  }

  public static <M> ModelKey<M> of(String name, Class<M> type) {
    return new ModelKey<>(name, type);
  }

  /** The name alone: it goes into messages. */
  @Override
  public String toString() {
    return name;
  }
}
