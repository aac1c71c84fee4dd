package dev.larder.access;

import java.security.SecureRandom;

/**
 * How a token of this Larder looks: {@code hf_larder} and 40 letters and digits, 238 bits of
 * chance.
 *
 * <p>Clients of the hub look at the shape: hf.js wants {@code hf_}, llama.cpp that and letters and
 * digits, 37 to 256 characters in all. The word behind it tells a token that was revoked, or that
 * another Larder gave, from one of the hub, so that none of ours is ever sent there.
 */
public final class LocalToken {
  private static final String MARK = "hf_larder";
  private static final String ALPHABET =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
  private static final int LENGTH = 40;
  private static final SecureRandom RANDOM = new SecureRandom();

  private LocalToken() {}

  static String make() {
    StringBuilder token = new StringBuilder(MARK);
    for (int i = 0; i < LENGTH; i++) {
      token.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return token.toString();
  }

  /** A short public name for an account. */
  static String newId() {
    return "%012x".formatted(RANDOM.nextLong() & 0xffff_ffff_ffffL);
  }

  /** Whether a Larder, this one or another, gave it: then it is none of the hub. */
  public static boolean looksLike(String token) {
    return token.startsWith(MARK);
  }
}
