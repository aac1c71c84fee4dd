package dev.larder.serve.api;

import dev.larder.access.Access;
import dev.larder.access.AccessException;
import dev.larder.http.HttpException;
import dev.larder.http.Request;
import dev.larder.mirror.Caller;

/** In whose name a command wants something: the token that it sent along. */
final class Callers {
  private final Access access;

  Callers(Access access) {
    this.access = access;
  }

  /** {@code otherwise}: when it sent none. */
  Caller of(Request request, Caller otherwise) {
    String token = request.header(StoreMessages.TOKEN_HEADER);
    if (token == null) {
      return otherwise;
    }
    try {
      return access
          .identify(token)
          .map(principal -> Caller.of(principal, token, false))
          .orElseThrow(AccessException.BadCredentials::new);
    } catch (IllegalArgumentException e) {
      throw new HttpException.BadRequest("The token for the upstream is none: " + e.getMessage());
    }
  }
}
