package com.example.policy;

import com.example.policy.Refused.Problem;
import dev.larder.resident.EngineException;
import dev.larder.resident.ResidentException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * The analyses: a few run at once, each on a virtual thread, a few more wait. What they found is
 * kept for an hour, of the last hundred.
 */
final class Jobs implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger(Jobs.class.getName());
  private static final Duration KEPT = Duration.ofHours(1);
  private static final int MOST_KEPT = 100;
  private static final int MOST_WAITING = 32;
  private static final Duration CLOSING = Duration.ofSeconds(10);

  private final SharedModels models;
  private final InstantSource clock;
  private final Semaphore running;
  private final ExecutorService threads =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("analysis-", 0).factory());

  /** In the order of their arrival. */
  private final Map<String, Job> jobs = new LinkedHashMap<>();

  Jobs(SharedModels models, int atOnce, InstantSource clock) {
    this.models = models;
    this.running = new Semaphore(atOnce, true);
    this.clock = clock;
  }

  Job submit(AnalysisRequest request) throws Refused {
    Job job = new Job(UUID.randomUUID().toString());
    synchronized (jobs) {
      forgetOld();
      if (running.getQueueLength() >= MOST_WAITING
          || jobs.values().stream().filter(one -> !one.ended()).count() >= MOST_KEPT) {
        throw new Refused(
            503, "too-busy", MOST_WAITING + " analyses wait already. Try again in a minute.");
      }
      jobs.put(job.id(), job);
      threads.execute(() -> run(job, request));
    }
    return job;
  }

  Optional<Job> find(String id) {
    synchronized (jobs) {
      forgetOld();
      return Optional.ofNullable(jobs.get(id));
    }
  }

  /** Nothing begins any more; what runs has ten seconds. */
  @Override
  public void close() {
    threads.shutdown();
    try {
      if (!threads.awaitTermination(CLOSING.toSeconds(), TimeUnit.SECONDS)) {
        threads.shutdownNow();
        threads.awaitTermination(CLOSING.toSeconds(), TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }

  private void forgetOld() {
    int tooMany = jobs.size() - MOST_KEPT + 1;
    for (Iterator<Job> all = jobs.values().iterator(); all.hasNext(); ) {
      Job job = all.next();
      if (job.endedBefore(clock.instant().minus(KEPT)) || (tooMany > 0 && job.ended())) {
        all.remove();
        tooMany--;
      }
    }
  }

  private void run(Job job, AnalysisRequest request) {
    try {
      running.acquire();
      try {
        job.progress(0);
        Analysis analysis = new Analysis(models, request, "job " + job.id(), job::progress);
        job.done(analysis.run(), clock.instant());
      } finally {
        running.release();
      }
    } catch (Refused e) {
      job.failed(e.problem(), clock.instant());
    } catch (ResidentException e) {
      LOG.log(System.Logger.Level.WARNING, "job " + job.id() + ": " + e.getMessage());
      job.failed(new Problem(503, e.code(), e.getMessage()), clock.instant());
    } catch (EngineException e) {
      LOG.log(System.Logger.Level.WARNING, "job " + job.id() + ": " + e.getMessage());
      job.failed(new Problem(500, e.code(), e.getMessage()), clock.instant());
    } catch (InterruptedException e) {
      job.failed(new Problem(503, "shutting-down", "The service ends."), clock.instant());
    } catch (RuntimeException | Error e) {
      // Also of an Error: nobody above it would, and who asks for the job would ask for ever.
      LOG.log(System.Logger.Level.ERROR, "job " + job.id() + " failed", e);
      job.failed(
          new Problem(500, "failed", "The analysis failed; the service's log says why."),
          clock.instant());
    }
  }
}
