package dev.larder.resident;

/**
 * Is told what happens to models. Called outside of every lock on whatever thread it happened on,
 * so by several at once; it should return soon. What it throws is dropped.
 */
@FunctionalInterface
public interface ResidentListener {
  ResidentListener NONE = _ -> {};

  void happened(ResidentEvent event);
}
