package dev.larder.mirror;

import dev.larder.upstream.Credential;

/**
 * Who asks, and what travels with the request. {@code offline}: upstream must not be asked for this
 * request.
 */
public record Caller(Credential credential, boolean offline) {
  public static final Caller ANONYMOUS = new Caller(Credential.ANONYMOUS, false);
}
