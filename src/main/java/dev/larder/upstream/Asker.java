package dev.larder.upstream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Whose requests an upstream counts together: those of one token, or those without any. A token is
 * kept only as a hash with a salt of this process.
 */
record Asker(String hash) {
  static final Asker ANYBODY = new Asker("");
  private static final byte[] SALT = salt();

  static Asker of(Credential credential) {
    return switch (credential) {
      case Credential.Anonymous _ -> ANYBODY;
      case Credential.Token(String secret) -> new Asker(hash(secret));
      case Credential.Password(String secret) -> new Asker(hash(secret));
    };
  }

  private static String hash(String secret) {
    try {
      MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
      sha256.update(SALT);
      return HexFormat.of().formatHex(sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private static byte[] salt() {
    byte[] salt = new byte[16];
    new SecureRandom().nextBytes(salt);
    return salt;
  }
}
