package dev.larder.resident;

/** Starts loads. */
@FunctionalInterface
interface Crew {
  /**
   * A platform thread for each: native code that loads for long would hold the carrier of a virtual
   * one.
   */
  Crew THREADS =
      load -> {
        Thread _ =
            Thread.ofPlatform().daemon().name("resident-load-" + load.key().name()).start(load);
      };

  void start(LoadRun<?> load);
}
