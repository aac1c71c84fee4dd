package dev.larder.serve.huggingface;

import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Answer;
import dev.larder.mirror.CacheState;
import dev.larder.mirror.Caller;
import dev.larder.mirror.DocumentAnswer;
import dev.larder.mirror.EntryHead;
import dev.larder.mirror.EntryRequest;
import dev.larder.mirror.HubMirror;
import dev.larder.mirror.LfsAnswer;
import dev.larder.store.BlobLease;
import dev.larder.transfer.FlightReader;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.LfsObjectId;
import dev.larder.upstream.huggingface.PassRequest;
import dev.larder.upstream.huggingface.Passed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A mirror that a test fills: real files, and answers made on demand. */
final class FilesMirror implements HubMirror, AutoCloseable {
  static final Commit COMMIT = new Commit("0123456789abcdef0123456789abcdef01234567");

  private final Map<String, Function<EntryRequest, Answer>> files = new ConcurrentHashMap<>();
  private final Map<Class<?>, Function<DocumentRequest, DocumentAnswer>> documents =
      new ConcurrentHashMap<>();
  private final List<FileChannel> channels = new CopyOnWriteArrayList<>();
  final List<Caller> callers = new CopyOnWriteArrayList<>();
  final List<EntryRequest> asked = new CopyOnWriteArrayList<>();
  final List<DocumentRequest> questions = new CopyOnWriteArrayList<>();
  final AtomicInteger leases = new AtomicInteger();
  volatile boolean hot = true;

  /** A file that is in the cache; {@code hex} is its identity. */
  void add(String path, Path file, String hex, CacheState state) {
    FileChannel channel = open(file);
    long size = size(channel);
    EntryHead head =
        new EntryHead(COMMIT, new EntryPath(path), Optional.empty(), hex, size, hex.length() == 64);
    files.put(
        path,
        request ->
            request.judged(head).headOnly()
                ? new Answer.Described(head, state)
                : new Answer.Ready(head, state, lease(channel, size), _ -> {}));
  }

  void answer(String path, Function<EntryRequest, Answer> made) {
    files.put(path, made);
  }

  void document(Class<?> kind, Function<DocumentRequest, DocumentAnswer> made) {
    documents.put(kind, made);
  }

  void fail(String path, LarderException failure) {
    files.put(
        path,
        _ -> {
          throw failure;
        });
  }

  BlobLease lease(FileChannel channel, long size) {
    leases.incrementAndGet();
    return new BlobLease() {
      private boolean closed;

      @Override
      public Digest digest() {
        return new Digest(HexFormat.of().formatHex(new byte[32]));
      }

      @Override
      public long sizeBytes() {
        return size;
      }

      @Override
      public FileChannel channel() {
        return channel;
      }

      @Override
      public boolean isUnchanged() {
        return true;
      }

      @Override
      public boolean isSound() {
        return true;
      }

      @Override
      public synchronized void close() {
        if (!closed) {
          closed = true;
          leases.decrementAndGet();
        }
      }
    };
  }

  @Override
  public @Nullable Answer peek(EntryRequest request) {
    var made = files.get(request.path().value());
    if (!hot || made == null) {
      return null;
    }
    asked.add(request);
    callers.add(request.caller());
    return made.apply(request);
  }

  @Override
  public Answer open(EntryRequest request) {
    asked.add(request);
    callers.add(request.caller());
    var made = files.get(request.path().value());
    return made == null
        ? new Answer.Refused(
            new Found.Refusal(404, Found.Refusal.NO_ENTRY, "Entry not found", Optional.of(COMMIT)),
            CacheState.MISS)
        : made.apply(request);
  }

  @Override
  public DocumentAnswer document(DocumentRequest request, Caller caller) {
    questions.add(request);
    callers.add(caller);
    var made = documents.get(request.getClass());
    return made == null
        ? new DocumentAnswer.Refused(
            new Found.Refusal(401, "", "", Optional.empty()), CacheState.MISS)
        : made.apply(request);
  }

  @Override
  public Found<Passed> pass(Supplier<PassRequest> request, Caller caller) {
    return new Found.Not<>(
        new Found.Refusal(404, "", "Sorry, we can't find the page.", Optional.empty()));
  }

  @Override
  public LfsAnswer lfs(
      RepoId repo, Optional<Revision> at, List<LfsObjectId> objects, Caller caller) {
    return new LfsAnswer.Here(Map.of(), Optional.empty());
  }

  @Override
  public Found<Passed> lfsObject(RepoId repo, LfsObjectId object, Caller caller) {
    return new Found.Not<>(
        new Found.Refusal(404, Found.Refusal.NO_ENTRY, "Entry not found", Optional.empty()));
  }

  FileChannel open(Path file) {
    try {
      FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
      channels.add(channel);
      return channel;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long size(FileChannel channel) {
    try {
      return channel.size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  boolean channelsOpen() {
    return channels.stream().allMatch(FileChannel::isOpen);
  }

  @Override
  public void close() {
    for (FileChannel channel : channels) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** A flight whose bytes a test lets land. */
  static final class ScriptedFlight implements FlightReader {
    private final ByteRange range;
    private final FileChannel channel;
    private long landed;
    private @Nullable RuntimeException failure;
    private boolean closed;

    ScriptedFlight(ByteRange range, FileChannel channel) {
      this.range = range;
      this.channel = channel;
      landed = range.start();
    }

    synchronized void land(long end) {
      landed = end;
      notifyAll();
    }

    synchronized void fail(RuntimeException why) {
      failure = why;
      notifyAll();
    }

    synchronized void awaitClosed() throws InterruptedException {
      while (!closed) {
        wait(10_000);
      }
    }

    synchronized boolean isClosed() {
      return closed;
    }

    @Override
    public ByteRange range() {
      return range;
    }

    @Override
    public boolean joined() {
      return false;
    }

    @Override
    public synchronized long awaitReadable(long position) {
      while (landed <= position && failure == null && !closed) {
        try {
          wait();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
      if (landed > position) {
        return Math.min(landed, range.end());
      }
      throw failure != null
          ? failure
          : new dev.larder.transfer.TransferException.Interrupted("closed");
    }

    @Override
    public void awaitPublished(dev.larder.transfer.Flights.ProgressListener progress) {
      progress.landed(range().end());
    }

    @Override
    public FileChannel channel() {
      return channel;
    }

    @Override
    public synchronized void close() {
      closed = true;
      notifyAll();
    }
  }
}
