package dev.larder.mirror;

import dev.larder.access.Principal;
import dev.larder.content.Reserve;
import dev.larder.content.Shares;
import dev.larder.upstream.Credential;

/**
 * Who asks, and what travels with the request. {@code credential}: the caller's own for the
 * upstream, anonymous for one whose token is this Larder's own. {@code offline}: upstream must not
 * be asked for this request. {@code peer}: the address that it came from, empty for this process
 * itself; it gives no rights. {@code reserve}: for what has to be held whole to answer it.
 */
public record Caller(
    Principal principal, Credential credential, boolean offline, String peer, Reserve reserve) {
  public static final Caller ANONYMOUS =
      new Caller(Principal.ANONYMOUS, Credential.ANONYMOUS, false);

  /** This process itself, in somebody's name. */
  public Caller(Principal principal, Credential credential, boolean offline) {
    this(principal, credential, offline, "", Reserve.UNLIMITED);
  }

  public Caller {
    if (principal.local() && credential != Credential.ANONYMOUS) {
      throw new IllegalArgumentException("a token of this Larder is never sent upstream");
    }
  }

  /** With {@code token} in hand, which {@code principal} was told from. */
  public static Caller of(Principal principal, String token, boolean offline) {
    return new Caller(
        principal, principal.local() ? Credential.ANONYMOUS : new Credential.Token(token), offline);
  }

  public Caller from(String address, Reserve memory) {
    return new Caller(principal, credential, offline, address, memory);
  }

  /** Whose share of what is scarce it uses. */
  Shares.Holder holder() {
    return new Shares.Holder(scope(), peer);
  }

  /** Whether it is one of many who have to share. */
  boolean shares() {
    return !peer.isEmpty();
  }

  boolean hasToken() {
    return credential instanceof Credential.Token;
  }

  /** Names whose rights these are, and gives nothing away. */
  String scope() {
    return principal.scope();
  }
}
