package dev.larder.upkeep;

import dev.larder.upkeep.RemovalPlan.Going;
import dev.larder.upkeep.RemovalPlan.Staying;
import java.util.List;

/** What a removal did. {@code bytes}: what came back to the disk, counted while it was done. */
public record RemovalReport(List<Going> gone, List<Staying> stayed, long bytes) {
  public RemovalReport {
    gone = List.copyOf(gone);
    stayed = List.copyOf(stayed);
  }
}
