package dev.larder.demo;

import java.net.URI;
import java.nio.file.Path;

/**
 * One Larder with a root of its own, as the story uses it: the real rooms behind four verbs. Not
 * safe for concurrent use, except that what {@link #serve()} started serves many.
 */
public interface DemoStage extends AutoCloseable {
  /** Where a running pull has got to. */
  @FunctionalInterface
  interface PullProgress {
    /** {@code doneBytes} of {@code totalBytes} are here; called as bytes land, from any thread. */
    void landed(long doneBytes, long totalBytes);
  }

  /** Opens a stage on a root that does not exist yet. */
  @FunctionalInterface
  interface Factory {
    /**
     * @param root becomes {@code LARDER_HOME}; the story removes it later
     * @param upstream becomes {@code LARDER_HUB_UPSTREAM}; it and what it redirects to are on
     *     127.0.0.1
     */
    DemoStage open(Path root, URI upstream);
  }

  /** A whole repo is in the cache, under {@code snapshot}. */
  record Pulled(Path snapshot, int files) {}

  /** What a look at every blob found: counts of blobs. */
  record Verified(int checked, int damaged, int repaired) {}

  /** Brings the whole repo at {@code main} into the cache, as {@code larder pull} does. */
  Pulled pull(String repo, PullProgress progress);

  /** Recomputes every hash and fetches again what is damaged, as {@code verify --repair} does. */
  Verified verifyAndRepair();

  /**
   * Address of the {@code /hf} endpoint on a free port of loopback, without a slash at the end;
   * begins to serve at the first call.
   */
  URI serve();

  /** Stops serving and lets go of the root. Repeatable. */
  @Override
  void close();
}
