package dev.larder.app;

import dev.larder.access.Tokens;
import dev.larder.serve.api.StoreJson;
import dev.larder.serve.api.StoreMessages;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;

/** Accounts and grants of the server that owns the store. */
record ServerTokens(Calls server) implements Tokens {
  private static final String TOKENS = "/api/tokens";
  private static final String GRANTS = "/api/grants";

  /** One question with its JSON; answers the text that the server answered. */
  interface Calls {
    String ask(String method, String path, @Nullable Object body);
  }

  @Override
  public Issued create(Wish wish) {
    var call =
        new StoreMessages.NewToken(
            wish.name(),
            wish.groups().stream().sorted().toList(),
            wish.lifetime().map(time -> time.toSeconds()).orElse(null));
    return read(server.ask("POST", TOKENS, call), new TypeReference<>() {});
  }

  @Override
  public List<Account> list() {
    return read(server.ask("GET", TOKENS, null), new TypeReference<>() {});
  }

  @Override
  public Account revoke(String nameOrId) {
    var call = new StoreMessages.RevokedToken(nameOrId);
    return read(server.ask("POST", TOKENS + "/revoke", call), new TypeReference<>() {});
  }

  @Override
  public List<Grant> grants() {
    return read(server.ask("GET", GRANTS, null), new TypeReference<>() {});
  }

  @Override
  public void change(GrantChange change) {
    var call =
        new StoreMessages.Grants(
            change.group(),
            change.given().stream().map(Object::toString).toList(),
            change.taken().stream().map(Object::toString).toList());
    String _ = server.ask("POST", GRANTS, call);
  }

  private static <T> T read(String text, TypeReference<T> type) {
    return StoreJson.MAPPER.readValue(text, type);
  }
}
