package dev.larder.access;

import java.util.Optional;

/** Tells callers of a protocol apart by the tokens they show. Safe for concurrent use. */
public interface Identities {
  /**
   * Whose token it is; empty when it looks like one of this Larder and is none, or no longer. While
   * too many unknown ones come from {@code address}, the admin's is one that nobody knows.
   */
  Optional<Shown> identify(String token, String address);

  /**
   * The upstream does not know {@code principal} either, or cannot be asked: perhaps it was a guess
   * at the admin token. Answers whether too many came from {@code address} already.
   */
  boolean unknown(Principal principal, String address);

  /** {@code token} is what may be shown to the upstream, if anything is. */
  record Shown(Principal principal, String token) {
    @Override
    public String toString() {
      return "Shown[" + principal + "]";
    }
  }
}
