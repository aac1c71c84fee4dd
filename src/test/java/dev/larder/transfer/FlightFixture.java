package dev.larder.transfer;

import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.store.BlobStore;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.Bytes;
import dev.larder.testing.FakeFile;
import dev.larder.testing.FakeHub;
import dev.larder.testing.FakeRepo;
import dev.larder.testing.MemoryLedger;
import dev.larder.upstream.Cidr;
import dev.larder.upstream.Credential;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.WireSettings;
import dev.larder.upstream.huggingface.HubClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Flights over a store in a directory, toward a hub with one repo. */
final class FlightFixture implements AutoCloseable {
  static final Duration SOON = Duration.ofSeconds(30);
  static final TransferSettings QUICK =
      new TransferSettings(
          8, 64, Duration.ofSeconds(4), Duration.ofMillis(20), Duration.ofMillis(500));
  private static final RepoId REPO = RepoId.model("o/r");

  final FakeHub hub = FakeHub.start();
  final FakeRepo repo = hub.repo(REPO);
  final BlobStore store;
  private final HubClient client;

  FlightFixture(Path directory) {
    this(directory, Duration.ofMillis(700));
  }

  /** {@code stall}: after so much silence a connection to the hub is given up. */
  FlightFixture(Path directory, Duration stall) {
    client =
        HubClient.of(
            hub.uri(),
            List.of(Cidr.parse("127.0.0.0/8")),
            WireSettings.DEFAULT.withStallTimeout(stall),
            Throttle.unlimited(),
            InstantSource.system());
    store =
        LocalBlobStore.open(
            directory.resolve("larder"),
            new LocalDisk(),
            new MemoryLedger(),
            StoreLimits.none(),
            InstantSource.system());
  }

  /** Puts the file into the repo. */
  Offer offer(String path, byte[] bytes, boolean lfs) {
    Commit commit = (lfs ? repo.lfs(path, bytes) : repo.file(path, bytes)).commit("main");
    return new Offer(path, lfs ? Bytes.digest(bytes) : Bytes.gitId(bytes), bytes.length, commit);
  }

  /** As {@link #offer}, of any size. */
  Offer offerGenerated(String path, long size, long seed) {
    Commit commit = repo.lfsGenerated(path, size, seed).commit("main");
    FakeFile file = repo.file(commit, path);
    return new Offer(path, file.content().sha256(), size, commit);
  }

  /** One file of the repo. */
  record Offer(String path, Identity identity, long sizeBytes, Commit commit) {
    boolean git() {
      return identity instanceof GitBlobId;
    }
  }

  RemoteContent content(Offer file) {
    EntryPath path = new EntryPath(file.path());
    return client.content(REPO, file.commit(), path, Credential.ANONYMOUS, Optional.empty());
  }

  FlightOrder order(Offer file, Consumer<Digest> published) {
    return order(file, content(file), published);
  }

  /** Wants the file's bytes under another name. */
  FlightOrder order(Offer file, String name, Consumer<Digest> published) {
    return order(file, name, content(file), published);
  }

  static FlightOrder order(Offer file, RemoteContent content, Consumer<Digest> published) {
    return order(file, file.path(), content, published);
  }

  private static FlightOrder order(
      Offer file, String name, RemoteContent content, Consumer<Digest> published) {
    FlightKey key = new FlightKey("hub", "o/r@" + file.identity().hex(), "public");
    return new FlightOrder(
        key,
        name,
        file.identity(),
        file.sizeBytes(),
        content,
        false,
        published,
        FlightOrder.Meter.NONE);
  }

  static FlightReader open(Flights flights, FlightOrder order) {
    return flights.open(order, RangeRequest.WHOLE, ByteRange.whole(order.sizeBytes()));
  }

  /** All bytes, as a client gets them. */
  static byte[] readAll(FlightReader reader) {
    ByteBuffer all = ByteBuffer.allocate((int) reader.range().length());
    long at = reader.range().start();
    while (at < reader.range().end()) {
      long end = reader.awaitReadable(at);
      try {
        while (at < end) {
          ByteBuffer part = all.duplicate();
          part.limit((int) (end - reader.range().start()));
          at += reader.channel().read(part.position((int) (at - reader.range().start())), at);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return all.array();
  }

  static <T> CompletableFuture<T> async(Supplier<T> work) {
    return CompletableFuture.supplyAsync(
        work, Executors.newThreadPerTaskExecutor(Thread.ofVirtual().factory()));
  }

  @Override
  public void close() {
    hub.clearFaults();
    client.close();
    store.close();
    hub.close();
  }
}
