package dev.larder.app;

import dev.larder.upkeep.StatsReport;
import dev.larder.upstream.RateLimits;
import dev.larder.upstream.huggingface.HubClient;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** What the hub said of its limits to this process, as {@code stats} reports it. */
final class HubLimits {
  private HubLimits() {}

  static List<StatsReport.Limit> of(HubClient hub) {
    return hub.limits().stream().map(HubLimits::limit).toList();
  }

  private static StatsReport.Limit limit(RateLimits.Standing standing) {
    return new StatsReport.Limit(
        "hf",
        standing.name(),
        standing.own(),
        boxed(standing.remaining()),
        boxed(standing.quota()),
        boxed(standing.windowSeconds()),
        standing.rests().plusMillis(999).toSeconds());
  }

  private static Optional<Long> boxed(OptionalLong number) {
    return number.stream().boxed().findFirst();
  }
}
