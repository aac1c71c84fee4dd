package dev.larder.resident;

import java.util.ArrayList;
import java.util.List;

/** What a change under the lock leaves to be done without it: foreign code runs only here. */
final class Duties {
  private final List<ResidentEvent> events = new ArrayList<>();
  private final List<Resident<?>> closings = new ArrayList<>();
  private final List<LoadRun<?>> starts = new ArrayList<>();

  void tell(ResidentEvent event) {
    events.add(event);
  }

  void close(Resident<?> resident) {
    closings.add(resident);
  }

  void start(LoadRun<?> run) {
    starts.add(run);
  }

  boolean isEmpty() {
    return events.isEmpty() && closings.isEmpty() && starts.isEmpty();
  }

  /** Without the lock. */
  void run(House house) {
    starts.forEach(LoadRun::start);
    events.forEach(house::tell);
    closings.forEach(each -> close(house, each));
  }

  private static void close(House house, Resident<?> resident) {
    ResidentEvent end = new ResidentEvent.Closed(resident.key(), resident.bytes());
    try {
      resident.closing().close();
    } catch (Throwable e) { // Foreign code: nothing it throws may keep others open.
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      end = new ResidentEvent.CloseFailed(resident.key(), resident.bytes(), e);
    }
    house.closed(resident);
    house.tell(end);
  }
}
