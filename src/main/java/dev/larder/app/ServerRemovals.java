package dev.larder.app;

import dev.larder.serve.api.StoreJson;
import dev.larder.upkeep.Pruning;
import dev.larder.upkeep.RemovalPlan;
import dev.larder.upkeep.RemovalReport;
import dev.larder.upkeep.Removals;
import dev.larder.upkeep.VerifyTarget;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Removals by the server that owns the store. */
record ServerRemovals(ServerTokens.Calls server) implements Removals {
  private static final String REMOVE = "/api/store/remove";

  @Override
  public RemovalPlan plan(List<VerifyTarget> targets, Optional<String> location) {
    List<String> named = targets.stream().map(VerifyTarget::toString).toList();
    Map<String, Object> call = new HashMap<>(Map.of("targets", named, "dry_run", true));
    location.ifPresent(name -> call.put("location", name));
    return read(REMOVE, call, RemovalPlan.class);
  }

  @Override
  public RemovalPlan plan(Pruning limits) {
    Map<String, Object> call = new HashMap<>(Map.of("dry_run", true));
    limits.olderThan().ifPresent(age -> call.put("older_than_seconds", age.toSeconds()));
    limits.maxBytes().ifPresent(bytes -> call.put("max_size_bytes", bytes));
    limits.location().ifPresent(name -> call.put("location", name));
    return read("/api/store/prune", call, RemovalPlan.class);
  }

  @Override
  public RemovalReport apply(RemovalPlan plan) {
    return read(REMOVE, Map.of("plan", plan), RemovalReport.class);
  }

  private <T> T read(String path, Object call, Class<T> type) {
    return StoreJson.MAPPER.readValue(server.ask("POST", path, call), type);
  }
}
