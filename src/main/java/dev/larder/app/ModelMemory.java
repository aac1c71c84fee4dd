package dev.larder.app;

import com.sun.management.OperatingSystemMXBean;
import dev.larder.resident.ResidentSettings;
import dev.larder.settings.Settings;
import java.lang.management.ManagementFactory;
import java.time.Duration;

/** How much memory models get, and how long a server that stops waits for them. */
final class ModelMemory {
  /** What runs a server gives it 30 s to stop, most often, and downloads end after this. */
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(10);

  private ModelMemory() {}

  static ResidentSettings of(Settings settings) {
    return ResidentSettings.ofBudget(settings.modelMemoryBytes().orElseGet(ModelMemory::half))
        .withClosePatience(CLOSE_PATIENCE);
  }

  /** Of the machine's memory, or of what a container may use. */
  private static long half() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize()
        / 2;
  }
}
