package dev.larder.resident;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Wishes about keys, whether or not their models are loaded: pins and how long one is kept. Guarded
 * by the house's lock.
 */
final class Keeping {
  private final Duration usual;
  private final Map<ModelKey<?>, Duration> keepAlives = new HashMap<>();
  private final Map<ModelKey<?>, Map<String, Pin>> pins = new LinkedHashMap<>();

  Keeping(Duration usual) {
    this.usual = usual;
  }

  void keepAlive(ModelKey<?> key, Duration most) {
    if (most.isNegative()) {
      throw new IllegalArgumentException("a duration must not be negative");
    }
    keepAlives.put(key, most);
  }

  Duration keepAlive(ModelKey<?> key) {
    return keepAlives.getOrDefault(key, usual);
  }

  void pin(ModelKey<?> key, String owner, Instant now) {
    pins.computeIfAbsent(key, _ -> new LinkedHashMap<>())
        .putIfAbsent(owner, new Pin(key, owner, now));
  }

  boolean unpin(ModelKey<?> key, String owner) {
    Map<String, Pin> ofKey = pins.getOrDefault(key, Map.of());
    boolean was = ofKey.containsKey(owner);
    if (was && ofKey.size() == 1) {
      pins.remove(key);
    } else if (was) {
      ofKey.remove(owner);
    }
    return was;
  }

  boolean pinned(ModelKey<?> key) {
    return pins.containsKey(key);
  }

  List<Pin> pins() {
    return pins.values().stream().flatMap(ofKey -> ofKey.values().stream()).toList();
  }

  List<String> owners(ModelKey<?> key) {
    return List.copyOf(pins.getOrDefault(key, Map.of()).keySet());
  }
}
