package dev.larder.app;

import dev.larder.cli.Terminal;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.demo.DemoModel;
import dev.larder.demo.DemoOutput;
import dev.larder.demo.DemoStage;
import dev.larder.demo.DemoStory;
import dev.larder.mirror.Caller;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.mirror.PullResult;
import dev.larder.mirror.PulledFile;
import dev.larder.settings.Setting;
import dev.larder.settings.SettingSources;
import dev.larder.settings.Settings;
import dev.larder.store.StoreException;
import dev.larder.store.StoreLock;
import dev.larder.upkeep.VerifyListener;
import dev.larder.upkeep.VerifyReport;
import dev.larder.upkeep.VerifyRequest;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/** {@code larder demo}: the story, on a server of its own in a temporary root. */
final class Demo {
  private Demo() {}

  static void run(boolean once, Terminal terminal, InstantSource clock) {
    DemoOutput output = new DemoOutput(terminal.out(), terminal.err(), terminal.interactive());
    try (DemoStory story =
        DemoStory.open(
            DemoModel.bundled(), (root, upstream) -> new Stage(root, upstream, clock), output)) {
      story.tell();
      if (!once) {
        terminal.out().println();
        terminal
            .out()
            .println("Still serving: HF_ENDPOINT=" + story.endpoint() + "   (Ctrl-C ends)");
        String _ = Shutdown.await();
      }
    }
  }

  private static final class Stage implements DemoStage {
    private final StoreLock lock;
    private final Server server;

    Stage(Path root, URI upstream, InstantSource clock) {
      lock = lock(root);
      try {
        server = Server.start(settings(root, upstream), lock, clock);
      } catch (RuntimeException e) {
        lock.close();
        throw e;
      }
    }

    private static StoreLock lock(Path root) {
      return switch (StoreLock.attempt(root.resolve("larder"))) {
        case StoreLock.Attempt.Mine(StoreLock mine) -> mine;
        case StoreLock.Attempt.Theirs _ ->
            throw new StoreException.StoreBusy(
                "Another process uses the demo's directory " + root + ".");
      };
    }

    /** The demo's own settings, whatever the user's are. */
    private static Settings settings(Path root, URI upstream) {
      return Settings.load(
          SettingSources.flagsOnly(
              root.toAbsolutePath(),
              Map.of(
                  Setting.HOME, root.toString(),
                  Setting.PORT, "0",
                  Setting.HUB_UPSTREAM, upstream.toString(),
                  Setting.ALLOW_PRIVATE, "127.0.0.0/8",
                  Setting.MIN_FREE, "100MB")));
    }

    @Override
    public Pulled pull(String repo, PullProgress progress) {
      PullRequest request =
          new PullRequest(RepoId.parse(repo), Revision.MAIN, FileSelection.ALL, false);
      PullResult result =
          server.house().puller().pull(request, Caller.ANONYMOUS, new Sum(progress));
      return new Pulled(result.snapshot(), result.files().size());
    }

    @Override
    public Verified verifyAndRepair() {
      VerifyReport report =
          server
              .house()
              .located()
              .primary()
              .verifier(Caller.ANONYMOUS)
              .verify(new VerifyRequest(List.of(), true), VerifyListener.NONE);
      int repaired = (int) report.findings().stream().filter(f -> f.repaired()).count();
      return new Verified((int) report.blobs(), report.findings().size(), repaired);
    }

    @Override
    public URI serve() {
      return URI.create(server.address() + "/hf");
    }

    @Override
    public void close() {
      try {
        server.close();
      } finally {
        lock.close();
      }
    }
  }

  /** Adds up the files of a pull. */
  private static final class Sum implements PullListener {
    private final DemoStage.PullProgress progress;
    private final Map<EntryPath, Long> landed = new ConcurrentHashMap<>();
    private final AtomicLong total = new AtomicLong();

    Sum(DemoStage.PullProgress progress) {
      this.progress = progress;
    }

    @Override
    public void planned(List<PulledFile> files) {
      total.set(files.stream().mapToLong(PulledFile::sizeBytes).sum());
    }

    @Override
    public void progress(EntryPath path, long landedBytes, long totalBytes) {
      landed.put(path, landedBytes);
      progress.landed(landed.values().stream().mapToLong(Long::longValue).sum(), total.get());
    }

    @Override
    public void done(PulledFile file) {
      progress(file.path(), file.sizeBytes(), file.sizeBytes());
    }
  }
}
