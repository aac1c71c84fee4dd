package dev.larder.upstream;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.Base64;

/** A token for one upstream, or none. Never prints itself. */
public sealed interface Credential {
  /** Nobody in particular. */
  record Anonymous() implements Credential {}

  /** What stands after {@code Bearer } in the caller's own request, or the site's own token. */
  record Token(String secret) implements Credential {
    public Token {
      if (secret.isBlank() || secret.chars().anyMatch(c -> c <= 0x20 || c >= 0x7f)) {
        throw new IllegalArgumentException("a token is printable ASCII without spaces");
      }
    }

    @Override
    public String toString() {
      return "Token[***]";
    }
  }

  /** The same where git is spoken: the password of a user whose name does not matter. */
  record Password(String secret) implements Credential {
    /** What stands after {@code Basic }. RFC 7617 §2. */
    String encoded() {
      return Base64.getEncoder().encodeToString(("user:" + secret).getBytes(US_ASCII));
    }

    @Override
    public String toString() {
      return "Password[***]";
    }
  }

  Credential ANONYMOUS = new Anonymous();
}
