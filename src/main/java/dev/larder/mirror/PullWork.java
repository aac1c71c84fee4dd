package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.LarderException;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.transfer.TransferException;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Found;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/** Brings the files of a plan, some at a time, and tells of each as it comes. */
final class PullWork {
  private static final int FILES_AT_ONCE = 8;

  private final CachingHubMirror mirror;

  PullWork(CachingHubMirror mirror) {
    this.mirror = mirror;
  }

  /** Returns when all are here and verified; throws the first failure, keeping what came. */
  List<PulledFile> fetchAll(RepoId repo, Caller caller, PullPlan plan, PullListener listener) {
    Semaphore slots = new Semaphore(FILES_AT_ONCE);
    try (ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<PulledFile>> running = new ArrayList<>();
      for (ListedFile file : plan.wanted()) {
        running.add(
            workers.submit(
                inSlot(slots, () -> fetch(repo, caller, plan.commit(), file, listener))));
      }
      return collect(running, workers);
    }
  }

  private static <T> Callable<T> inSlot(Semaphore slots, Callable<T> work) {
    return () -> {
      slots.acquire();
      try {
        return work.call();
      } finally {
        slots.release();
      }
    };
  }

  private static List<PulledFile> collect(
      List<Future<PulledFile>> running, ExecutorService workers) {
    List<PulledFile> done = new ArrayList<>();
    try {
      for (Future<PulledFile> one : running) {
        done.add(one.get());
      }
      return done;
    } catch (ExecutionException e) {
      workers.shutdownNow();
      throw e.getCause() instanceof LarderException failure
          ? failure
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      workers.shutdownNow();
      Thread.currentThread().interrupt();
      throw new TransferException.Interrupted("The pull was interrupted; what has landed is kept.");
    }
  }

  /** Returns when the file is here and verified. */
  PulledFile fetch(
      RepoId repo, Caller caller, Commit commit, ListedFile file, PullListener listener) {
    EntryRequest entry =
        new EntryRequest(
                repo,
                new Revision(commit.hex()),
                file.path().requireOrdinary(),
                RangeRequest.WHOLE,
                false,
                caller)
            .keeping(EntryRequest.Keeping.ALWAYS);
    PulledFile.State state =
        switch (mirror.open(entry, Deadline.NEVER)) {
          case Answer.Ready ready -> {
            ready.served().accept(ready.lease().sizeBytes());
            ready.lease().close();
            yield PulledFile.State.CACHED;
          }
          case Answer.Arriving arriving -> {
            try (var reader = arriving.reader()) {
              reader.awaitPublished(
                  landed -> listener.progress(file.path(), landed, file.sizeBytes()));
              arriving.served().accept(arriving.head().sizeBytes());
            }
            yield PulledFile.State.FETCHED;
          }
          case Answer.Passing passing -> {
            passing.body().close();
            throw new UpstreamException.UpstreamLied(
                "The hub names no hash for %s of %s, so it cannot be verified and is not kept."
                    .formatted(file.path(), repo));
          }
          case Answer.Refused(Found.Refusal reason, _) ->
              throw Puller.refused(reason, file.path() + " of " + repo);
          case Answer.Described _, Answer.OutOfRange _ ->
              throw new IllegalStateException(
                  "a whole file was asked for: " + ByteRange.whole(file.sizeBytes()));
        };
    PulledFile done = new PulledFile(file.path(), file.sizeBytes(), state);
    listener.done(done);
    return done;
  }
}
