package dev.larder.demo;

import dev.larder.content.Digest;
import dev.larder.content.Sizes;
import dev.larder.demo.DemoStage.PullProgress;
import dev.larder.demo.DemoStage.Pulled;
import dev.larder.demo.DemoStage.Verified;
import java.net.URI;
import java.nio.file.Path;

/**
 * Larder's main job told on a real model, without internet: every step is done by the real rooms
 * behind a {@link DemoStage}, measured as it runs, and checked; a step that does not come out as it
 * must ends the story with {@link DemoException.StoryBroken}.
 *
 * <p>Everything lies in a temporary directory that {@link #close()} removes. One caller's thread.
 */
public final class DemoStory implements AutoCloseable {
  private static final int CLIENTS = 16;

  /** Slow enough to watch, fast enough to wait for. */
  private static final long HUB_BYTES_PER_SECOND = 3_000_000;

  /** Reading a few documents again is not a second download. */
  private static final double ONCE = 1.01;

  private final DemoRoot root;
  private final DemoHub hub;
  private final DemoStage.Factory stages;
  private final DemoStage site;
  private final DemoOutput output;
  private Path snapshot;

  private DemoStory(DemoRoot root, DemoHub hub, DemoStage.Factory stages, DemoOutput output) {
    this.root = root;
    this.hub = hub;
    this.stages = stages;
    this.output = output;
    this.snapshot = root.resolve("site");
    this.site = stages.open(root.resolve("site"), hub.address());
  }

  /**
   * Starts the bundled hub and a Larder that has it as its upstream.
   *
   * @param modelJar see {@link DemoModel}
   */
  public static DemoStory open(Path modelJar, DemoStage.Factory stages, DemoOutput output) {
    DemoRoot root = new DemoRoot();
    try {
      DemoHub hub = DemoHub.start(modelJar, root.resolve("hub"), HUB_BYTES_PER_SECOND);
      try {
        return new DemoStory(root, hub, stages, output);
      } catch (RuntimeException e) {
        hub.close();
        throw e;
      }
    } catch (RuntimeException e) {
      root.close();
      throw e;
    }
  }

  /** Tells it all once; the Larder and its hub stay up afterwards, until {@link #close()}. */
  public void tell() {
    output.line(
        "A bundled hub on %s offers %s (%d files, %s); it sends %s/s on each connection."
            .formatted(
                hub.address(),
                hub.repo(),
                hub.fileCount(),
                Sizes.format(hub.repoBytes()),
                Sizes.format(HUB_BYTES_PER_SECOND)));
    Figures first = coldPull();
    Figures cached = warmPull();
    repair();
    upstreamGone();
    herd();
    memory();
    output.line("");
    output.line("The same pull, measured in this run:");
    output.line(Figures.table(first, cached));
    output.line(
        "   Seconds of the first run depend on the bundled hub's %s/s; bytes do not."
            .formatted(Sizes.format(HUB_BYTES_PER_SECOND)));
  }

  /** Where clients of the demo's Larder point {@code HF_ENDPOINT}. */
  public URI endpoint() {
    return site.serve();
  }

  @Override
  public void close() {
    try (root;
        hub;
        site) {
      output.begin();
    }
  }

  private Figures coldPull() {
    output.step(1, "Cold pull: nothing is here yet");
    output.begin();
    Figures run = pull(output::landed);
    expect("cold pull", crossedOnce(run.upstreamBytes(), hub.repoBytes()), "every file once", run);
    return run;
  }

  private Figures warmPull() {
    output.step(2, "Warm pull: the same again");
    Figures run = pull((_, _) -> {});
    expect("warm pull", run.upstreamBytes() == 0, "no file bytes from upstream", run);
    return run;
  }

  private Figures pull(PullProgress progress) {
    long before = hub.fileBytesSent();
    Timed<Pulled> pulled = Timed.of(() -> site.pull(hub.repo().toString(), progress));
    Figures run = new Figures(pulled.took(), hub.fileBytesSent() - before, hub.repoBytes());
    snapshot = pulled.value().snapshot();
    output.line("   snapshot " + snapshot);
    output.line(
        "   %d files in %s, %s from upstream"
            .formatted(
                pulled.value().files(),
                Figures.seconds(run.took()),
                Sizes.format(run.upstreamBytes())));
    return run;
  }

  private void repair() {
    output.step(3, "One byte of %s is damaged on disk".formatted(hub.weights()));
    Path weights = snapshot.resolve(hub.weights().value());
    Damage.oneByte(weights);
    long before = hub.fileBytesSent();
    Timed<Verified> found = Timed.of(site::verifyAndRepair);
    long fetched = hub.fileBytesSent() - before;
    Verified outcome = found.value();
    output.line(
        "   verify: %d blobs checked in %s, %d damaged, %d repaired with %s from upstream"
            .formatted(
                outcome.checked(),
                Figures.seconds(found.took()),
                outcome.damaged(),
                outcome.repaired(),
                Sizes.format(fetched)));
    expect(
        "repair",
        outcome.damaged() == 1 && outcome.repaired() == 1,
        "one damaged blob, repaired",
        outcome);
    expect("repair", crossedOnce(fetched, hub.weightsBytes()), "one file fetched", fetched);
    Digest now = Damage.digest(weights);
    expect("repair", now.equals(hub.weightsDigest()), "SHA-256 " + hub.weightsDigest(), now);
    output.line("   its SHA-256 is right again: " + now.abbreviated());
  }

  private void upstreamGone() {
    output.step(4, "The hub is switched off");
    URI address = file(site.serve());
    hub.away();
    try {
      Download got = Herd.of(1, address).downloads().getFirst();
      output.line(
          "   GET %s: %d, %s in %s, X-Larder-Cache: %s"
              .formatted(
                  address.getPath(),
                  got.status(),
                  Sizes.format(got.bytes()),
                  Figures.seconds(got.whole()),
                  got.cache()));
      expect("hub off", got.digest().equals(hub.weightsDigest()), "the whole file", got);
    } finally {
      hub.back();
    }
  }

  private void herd() {
    output.step(5, "%d clients ask an empty Larder for one file at once".formatted(CLIENTS));
    try (DemoStage empty = stages.open(root.resolve("herd"), hub.address())) {
      URI address = file(empty.serve());
      long before = hub.fileBytesSent();
      Herd herd = Herd.of(CLIENTS, address);
      long fetched = hub.fileBytesSent() - before;
      output.line(
          "   %d of %d got the right bytes; slowest first byte %s, slowest whole file %s"
              .formatted(
                  herd.whole(hub.weightsDigest()),
                  CLIENTS,
                  Figures.seconds(herd.latestFirstByte()),
                  Figures.seconds(herd.slowest())));
      output.line(
          "   %s delivered, %s from upstream: one download"
              .formatted(Sizes.format(herd.bytes()), Sizes.format(fetched)));
      expect("herd", herd.whole(hub.weightsDigest()) == CLIENTS, "all clients served", herd);
      expect("herd", crossedOnce(fetched, hub.weightsBytes()), "one upstream download", fetched);
    }
  }

  private void memory() {
    output.step(6, "The model is loaded into memory, once for all who ask");
    long before = hub.fileBytesSent();
    SiteApi api = new SiteApi(site.serve().resolve("/"));
    MemoryStep.Outcome outcome = new MemoryStep(api, hub.repo().toString(), output).tell();
    Likeness closest = outcome.closest();
    expect("memory", closest.first() == 0 && closest.second() == 2, "A and C alike", closest);
    expect("memory", outcome.loadedOnce(), "one entry, used twice, loaded once", outcome.after());
    expect("memory", hub.fileBytesSent() == before, "no file bytes from upstream", "some");
  }

  private URI file(URI endpoint) {
    return URI.create("%s/%s/resolve/main/%s".formatted(endpoint, hub.repo(), hub.weights()));
  }

  private static boolean crossedOnce(long upstreamBytes, long fileBytes) {
    return upstreamBytes >= fileBytes && upstreamBytes <= fileBytes * ONCE;
  }

  private static void expect(String step, boolean met, String expected, Object found) {
    if (!met) {
      throw new DemoException.StoryBroken(step, expected, found.toString());
    }
  }
}
