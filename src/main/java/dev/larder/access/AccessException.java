package dev.larder.access;

import dev.larder.content.LarderException;
import dev.larder.content.Retry;
import java.time.Duration;

/** What accounts and grants would not do. */
public abstract sealed class AccessException extends LarderException {
  private static final long serialVersionUID = 1L;

  private AccessException(String code, Retry retry, String message) {
    super(code, retry, message, null);
  }

  /** No token has that name or id. */
  public static final class NoSuchToken extends AccessException {
    NoSuchToken(String nameOrId) {
      super(
          "no-such-token",
          Retry.never(),
          "There is no token '%s'; 'larder token ls' has them all.".formatted(nameOrId));
    }
  }

  /** A group was never given what is to be taken away. */
  public static final class NoSuchGrant extends AccessException {
    NoSuchGrant(String group, RepoPattern pattern) {
      super(
          "no-such-grant",
          Retry.never(),
          "Group '%s' has no grant '%s'; 'larder token ls --grants' has them all."
              .formatted(group, pattern));
    }
  }

  /** A token has that name already. */
  public static final class TokenExists extends AccessException {
    TokenExists(String name) {
      super(
          "token-exists",
          Retry.never(),
          "There is a token '%s' already; revoke it first, or choose another name."
              .formatted(name));
    }
  }

  /** The key that hashes are made with can neither be read nor made. */
  public static final class NoKey extends AccessException {
    NoKey(String path) {
      super(
          "no-access-key",
          Retry.never(),
          "Tried to create a token but the key %s can neither be read nor made; make it readable and its directory writable for this user."
              .formatted(path));
    }
  }

  /** A token was shown that is none, or no longer. */
  public static final class BadCredentials extends AccessException {
    public BadCredentials() {
      super("bad-credentials", Retry.never(), "Invalid credentials in Authorization header");
    }
  }

  /** Wrong tokens came so often from one address that no more of them are looked at for a while. */
  public static final class TooManyGuesses extends AccessException {
    public TooManyGuesses() {
      super(
          "too-many-guesses",
          Retry.after(Duration.ofMinutes(1)),
          "Too many wrong tokens came from this address; wait a minute.");
    }
  }
}
