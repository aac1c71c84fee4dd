package dev.larder.serve.huggingface;

import dev.larder.http.Request;
import dev.larder.mirror.Caller;
import dev.larder.upstream.Credential;
import java.util.Optional;

/** Who asks: the bearer token of the request, which goes upstream with the request. */
final class HubCaller {
  private static final String SCHEME = "Bearer ";
  private static final int LONGEST = 8192;

  private HubCaller() {}

  /** Empty when there is an {@code Authorization} that is no bearer token. */
  static Optional<Caller> of(Request request) {
    boolean offline = request.header("X-Larder-Offline") != null;
    String header = request.header("Authorization");
    if (header == null) {
      return Optional.of(offline ? new Caller(Credential.ANONYMOUS, true) : Caller.ANONYMOUS);
    }
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    String token = header.substring(SCHEME.length()).strip();
    return isToken(token)
        ? Optional.of(new Caller(new Credential.Token(token), offline))
        : Optional.empty();
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
