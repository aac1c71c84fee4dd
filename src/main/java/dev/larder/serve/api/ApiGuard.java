package dev.larder.serve.api;

import dev.larder.access.Access;
import dev.larder.access.AccessException;
import dev.larder.http.ForeignPages;
import dev.larder.http.HttpException;
import dev.larder.http.Request;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/**
 * Who may use the management API. The user who runs the server knows the secret of {@code LOCK};
 * anybody else shows the admin token. Forwarded headers say nothing here. Safe for concurrent use.
 */
final class ApiGuard {
  private static final String SCHEME = "Bearer ";

  private final Access access;
  private final byte[] secret;

  ApiGuard(Access access, String secret) {
    this.access = access;
    this.secret = secret.getBytes(StandardCharsets.UTF_8);
  }

  /** Throws unless the request may be answered with what the store holds. */
  void requireOwner(Request request) {
    ForeignPages.refuse(request);
    if (!hasSecret(request)) {
      requireAdmin(request);
    }
  }

  /**
   * Throws unless the request comes from the user who runs the server: it names files to read and
   * to write, and an administrator elsewhere need not be that user.
   */
  void requireUser(Request request) {
    ForeignPages.refuse(request);
    if (!hasSecret(request)) {
      throw new HttpException.NotAllowed(
          "This reads and writes files of the server's machine, so it needs the secret that LOCK holds;"
              + " run the command there, as the user who runs the server.");
    }
  }

  /** Throws unless the request only looks, or comes from here, or may change things. */
  void checkChange(Request request) {
    if (ForeignPages.isRead(request)) {
      return;
    }
    ForeignPages.refuse(request);
    if (!request.fromLoopback() && !hasSecret(request)) {
      requireAdmin(request);
    }
  }

  private void requireAdmin(Request request) {
    if (!access.hasAdmin()) {
      throw new HttpException.NotAllowed(
          "This needs the secret that LOCK holds (run the command as the user who runs the server),"
              + " or the admin token of a server that has LARDER_ADMIN_TOKEN set; this one has not.");
    }
    String token = bearer(request);
    if (token.isEmpty()) { // Who shows none guesses nothing.
      throw new AccessException.BadCredentials();
    }
    access.requireAdmin(token, request.peer());
  }

  private boolean hasSecret(Request request) {
    String given = request.header(StoreMessages.SECRET_HEADER);
    return given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), secret);
  }

  /** Empty when there is none: no admin token is. */
  private static String bearer(Request request) {
    String header = request.header("Authorization");
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : "";
  }
}
