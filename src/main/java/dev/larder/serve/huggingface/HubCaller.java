package dev.larder.serve.huggingface;

import dev.larder.access.Identities;
import dev.larder.content.LogRation;
import dev.larder.http.Request;
import dev.larder.mirror.Caller;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who asks: the bearer token of the request, or the password where {@code git} asks. One of this
 * Larder stays here, any other goes upstream with the request.
 */
final class HubCaller {
  private static final Logger LOG = LoggerFactory.getLogger(HubCaller.class);
  private static final String BEARER = "Bearer ";
  private static final String BASIC = "Basic ";
  private static final int LONGEST = 8192;

  private final Identities identities;

  private final LogRation ration = new LogRation(System::nanoTime);

  HubCaller(Identities identities) {
    this.identities = identities;
  }

  /** Empty when there is an {@code Authorization} that shows no token, or one of nobody. */
  Optional<Caller> of(Request request) {
    String header = request.header("Authorization");
    if (header == null) {
      return Optional.of(Caller.ANONYMOUS.from(request.peer(), request.reserve()));
    }
    String token = token(header);
    Optional<Caller> caller =
        isToken(token)
            ? identities
                .identify(token, request.peer())
                .map(
                    shown ->
                        Caller.of(shown.principal(), shown.token(), false)
                            .from(request.peer(), request.reserve()))
            : Optional.empty();
    if (caller.isEmpty()) {
      note(request);
    }
    return caller;
  }

  /** Somebody goes on with a token that was taken away, or makes tokens up. */
  private void note(Request request) {
    OptionalLong leftOut = ration.line("token");
    if (leftOut.isPresent()) {
      LOG.atWarn()
          .addKeyValue("event", "token.refused")
          .addKeyValue("client", request.peer())
          .addKeyValue("left_out", leftOut.getAsLong())
          .log("A token of this Larder is not valid, or what was shown is no token");
    }
  }

  private static String token(String header) {
    if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
      return header.substring(BEARER.length()).strip();
    }
    return header.regionMatches(true, 0, BASIC, 0, BASIC.length())
        ? password(header.substring(BASIC.length()).strip())
        : "";
  }

  /**
   * RFC 7617 §2. Who gives a token alone is asked for a user's name by git, and for no password.
   */
  private static String password(String encoded) {
    try {
      String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.ISO_8859_1);
      int colon = pair.indexOf(':');
      String password = pair.substring(colon + 1);
      return colon < 0 ? "" : password.isEmpty() ? pair.substring(0, colon) : password;
    } catch (IllegalArgumentException _) {
      return ""; // Not Base64: no credentials at all.
    }
  }

  private static boolean isToken(String text) {
    return !text.isEmpty()
        && text.length() <= LONGEST
        && text.chars().allMatch(c -> c > 0x20 && c < 0x7f);
  }
}
