package dev.larder.app;

import dev.larder.http.RawClient;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A few clients that ask for a small file again and again, and how long each answer took. */
final class GoodClients implements AutoCloseable {
  private static final int COUNT = 8;
  private static final long WINDOW_NANOS = Duration.ofSeconds(3).toNanos();
  private static final long PAUSE_NANOS = Duration.ofMillis(4).toNanos();

  private final List<Thread> threads = new ArrayList<>();
  private final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
  private final BlockingQueue<Long> nanos = new LinkedBlockingQueue<>();
  private volatile boolean stopped;

  GoodClients(InetSocketAddress server, String path, byte[] expected) {
    for (int i = 0; i < COUNT; i++) {
      threads.add(Thread.ofPlatform().start(() -> run(server, path, expected)));
    }
  }

  private void run(InetSocketAddress server, String path, byte[] expected) {
    try (RawClient client = new RawClient(server)) {
      while (!stopped) {
        long begun = System.nanoTime();
        client.request("GET", path);
        RawClient.Response got = client.read(false);
        nanos.add(System.nanoTime() - begun);
        if (got.status() != 200 || !Arrays.equals(got.body(), expected)) {
          failures.add("status " + got.status() + ", " + got.body().length + " bytes");
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    } catch (IOException e) {
      failures.add(e.toString());
    }
  }

  /** How long the slowest of a hundred took, at the median of {@code windows} of three seconds. */
  Duration p99(int windows) throws InterruptedException {
    long[] each = new long[windows];
    for (int i = 0; i < windows; i++) {
      long[] sorted =
          answersOf(WINDOW_NANOS).stream().mapToLong(Long::longValue).sorted().toArray();
      if (sorted.length < 200) {
        throw new IllegalStateException("only " + sorted.length + " answers in three seconds");
      }
      each[i] = sorted[sorted.length * 99 / 100];
    }
    Arrays.sort(each);
    return Duration.ofNanos(each[windows / 2]);
  }

  /** What is answered from now on for so long. */
  private List<Long> answersOf(long window) throws InterruptedException {
    nanos.clear();
    List<Long> answers = new ArrayList<>();
    long end = System.nanoTime() + window;
    for (long left = window; left > 0; left = end - System.nanoTime()) {
      Long took = nanos.poll(left, TimeUnit.NANOSECONDS);
      if (took != null) {
        answers.add(took);
      }
    }
    return answers;
  }

  List<String> failures() {
    return List.copyOf(failures);
  }

  @Override
  public void close() throws InterruptedException {
    stopped = true;
    for (Thread thread : threads) {
      thread.join();
    }
  }
}
