package dev.larder.upstream;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** A bearer token for one upstream, or none. Never prints itself. */
public sealed interface Credential {
  /** Nobody in particular. */
  record Anonymous() implements Credential {
    @Override
    public String scope() {
      return "anonymous";
    }
  }

  /** What stands after {@code Bearer } in the caller's own request, or the site's own token. */
  record Token(String secret) implements Credential {
    public Token {
      if (secret.isBlank() || secret.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
        throw new IllegalArgumentException("a token is printable ASCII without spaces");
      }
    }

    /** A name for this token that does not give it away: flights and decisions are keyed by it. */
    @Override
    public String scope() {
      try {
        byte[] hash =
            MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.US_ASCII));
        return "token-" + HexFormat.of().formatHex(hash, 0, 16);
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    @Override
    public String toString() {
      return "Token[***]";
    }
  }

  Credential ANONYMOUS = new Anonymous();

  String scope();
}
