package dev.larder.demo;

import dev.larder.content.Digest;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Many clients that ask for one file at the same moment, each on its own connection. */
record Herd(List<Download> downloads) {
  Herd {
    downloads = List.copyOf(downloads);
  }

  static Herd of(int clients, URI address) {
    CountDownLatch ready = new CountDownLatch(clients);
    List<Future<Download>> running = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < clients; i++) {
        running.add(threads.submit(() -> one(ready, address)));
      }
    }
    List<Download> done = new ArrayList<>();
    for (Future<Download> client : running) {
      done.add(result(client, address));
    }
    return new Herd(done);
  }

  /** How many got all the bytes of {@code expected}. */
  long whole(Digest expected) {
    return downloads.stream()
        .filter(got -> got.status() == 200 && got.digest().equals(expected))
        .count();
  }

  long bytes() {
    return downloads.stream().mapToLong(Download::bytes).sum();
  }

  Duration slowest() {
    return downloads.stream().map(Download::whole).max(Duration::compareTo).orElse(Duration.ZERO);
  }

  Duration latestFirstByte() {
    return downloads.stream()
        .map(Download::firstByte)
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }

  private static Download one(CountDownLatch ready, URI address) throws Exception {
    // A client of its own: one shared client could share a connection.
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      ready.countDown();
      ready.await();
      return Download.of(client, address);
    }
  }

  private static Download result(Future<Download> client, URI address) {
    try {
      return client.get();
    } catch (ExecutionException e) {
      throw new DemoException.ClientFailed(address, e.getCause() == null ? e : e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DemoException.ClientFailed(address, e);
    }
  }
}
