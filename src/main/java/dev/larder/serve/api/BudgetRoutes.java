package dev.larder.serve.api;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.http.HttpException;
import dev.larder.upkeep.Budget;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code /api/store/pins} and {@code /api/store/evictions}. Who may ask is judged before; names
 * stand in bodies.
 */
final class BudgetRoutes {
  private static final String PINS = "/api/store/pins";
  private static final String EVICTIONS = "/api/store/evictions";

  private final Budget budget;

  BudgetRoutes(Budget budget) {
    this.budget = budget;
  }

  static boolean isOne(String rawPath) {
    return rawPath.equals(PINS) || rawPath.equals(EVICTIONS);
  }

  /** What is answered as JSON. Throws {@link dev.larder.content.LarderException}. */
  Object answer(String method, String rawPath, Optional<Instant> since, TokenRoutes.Body body) {
    return switch (method + " " + rawPath) {
      case "GET " + PINS -> budget.pins();
      case "POST " + PINS -> pin(body.read(StoreMessages.NewPin.class));
      case "DELETE " + PINS -> unpin(body.read(StoreMessages.NewPin.class));
      case "GET " + EVICTIONS -> budget.evictions(since.orElse(Instant.EPOCH));
      default ->
          throw new HttpException.NoSuchPath("The API has no such path, or not for this method.");
    };
  }

  private Budget.Pin pin(StoreMessages.NewPin call) {
    return budget.pin(
        new Budget.Wish(
            RepoId.parse(call.repo()),
            Optional.ofNullable(call.revision()).map(Revision::new),
            call.owner(),
            Optional.ofNullable(call.expiresSeconds()).map(Duration::ofSeconds),
            call.note()));
  }

  private Budget.Pin unpin(StoreMessages.NewPin call) {
    return budget.unpin(
        RepoId.parse(call.repo()),
        Optional.ofNullable(call.revision()).map(Revision::new),
        call.owner());
  }
}
