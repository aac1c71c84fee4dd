package dev.larder.doctor;

import dev.larder.store.StoreLock.Owner;
import java.util.Map;
import java.util.Optional;

/** Asks servers on this machine. Every answer comes within seconds. */
public interface Servers {
  /** What the server that {@code LOCK} names goes by; empty when it does not answer. */
  Optional<Map<String, String>> settings(Owner owner);

  /** Whether a Larder answers below {@code endpoint}, an address as {@code HF_ENDPOINT} has it. */
  boolean larderAnswers(String endpoint);
}
