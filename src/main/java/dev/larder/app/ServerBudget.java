package dev.larder.app;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.serve.api.StoreJson;
import dev.larder.serve.api.StoreMessages;
import dev.larder.upkeep.Budget;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.type.TypeReference;

/** Pins and evictions of the server that owns the store. */
record ServerBudget(ServerTokens.Calls server) implements Budget {
  private static final String PINS = "/api/store/pins";

  @Override
  public Pin pin(Wish wish) {
    var call =
        new StoreMessages.NewPin(
            wish.repo().toString(),
            wish.revision().map(Revision::name).orElse(null),
            wish.owner(),
            wish.lifetime().map(time -> time.toSeconds()).orElse(null),
            wish.note());
    return StoreJson.MAPPER.readValue(server.ask("POST", PINS, call), Pin.class);
  }

  @Override
  public List<Pin> pins() {
    return StoreJson.MAPPER.readValue(server.ask("GET", PINS, null), new TypeReference<>() {});
  }

  @Override
  public Pin unpin(RepoId repo, Optional<Revision> revision, String owner) {
    var call =
        new StoreMessages.NewPin(
            repo.toString(), revision.map(Revision::name).orElse(null), owner, null, "");
    return StoreJson.MAPPER.readValue(server.ask("DELETE", PINS, call), Pin.class);
  }

  @Override
  public List<Evicted> evictions(Instant since) {
    return StoreJson.MAPPER.readValue(
        server.ask("GET", "/api/store/evictions?since=" + since, null), new TypeReference<>() {});
  }
}
