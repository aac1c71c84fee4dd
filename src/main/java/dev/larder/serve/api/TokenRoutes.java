package dev.larder.serve.api;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens;
import dev.larder.access.Tokens.GrantChange;
import dev.larder.content.LarderException;
import dev.larder.http.HttpException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code /api/tokens} and {@code /api/grants}. Who may ask is judged before. A token stands in the
 * answer that makes it and nowhere else; names stand in bodies, so that no address holds one.
 */
final class TokenRoutes {
  private final Tokens tokens;

  TokenRoutes(Tokens tokens) {
    this.tokens = tokens;
  }

  static boolean isOne(String rawPath) {
    return rawPath.equals("/api/tokens")
        || rawPath.startsWith("/api/tokens/")
        || rawPath.equals("/api/grants");
  }

  /** The body of a request, as a value. */
  interface Body {
    <T> T read(Class<T> type);
  }

  /** What is answered as JSON. Throws {@link LarderException}. */
  Object answer(String method, String rawPath, Body body) {
    return switch (method + " " + rawPath) {
      case "GET /api/tokens" -> tokens.list();
      case "POST /api/tokens" -> create(body.read(StoreMessages.NewToken.class));
      case "POST /api/tokens/revoke" ->
          tokens.revoke(body.read(StoreMessages.RevokedToken.class).token());
      case "GET /api/grants" -> tokens.grants();
      case "POST /api/grants" -> change(body.read(StoreMessages.Grants.class));
      default ->
          throw new HttpException.NoSuchPath("The API has no such path, or not for this method.");
    };
  }

  private Tokens.Issued create(StoreMessages.NewToken call) {
    return tokens.create(
        new Tokens.Wish(
            call.name(),
            Set.copyOf(call.groups()),
            Optional.ofNullable(call.expiresSeconds()).map(Duration::ofSeconds)));
  }

  private List<Tokens.Grant> change(StoreMessages.Grants call) {
    tokens.change(new GrantChange(call.group(), parsed(call.given()), parsed(call.taken())));
    return tokens.grants().stream().filter(each -> each.group().equals(call.group())).toList();
  }

  private static List<RepoPattern> parsed(List<String> patterns) {
    return patterns.stream().map(RepoPattern::parse).toList();
  }
}
