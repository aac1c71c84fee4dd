package dev.larder.provision;

import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.FoundRepo;
import dev.larder.provision.Archives.BackupReport;
import dev.larder.provision.Archives.BackupRequest;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.provision.ProvisionException.AlreadyThere;
import dev.larder.provision.ProvisionException.ArchiveIo;
import dev.larder.provision.ProvisionException.NotHere;
import dev.larder.provision.ProvisionException.TooLarge;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Writes an archive of what is here while others go on reading and writing it: what is planned is
 * leased before it is copied, and what went before that is left out by name.
 */
final class Backup {
  /** Weights hardly shrink and take ten times as long at a higher one. */
  private static final int LEVEL = 1;

  private static final int MOST_WORKERS = 4;

  /** It may hold what not everybody on this machine may read. */
  private static final int MODE = 0600;

  /** Of what was left out; the report has all. */
  private static final int MOST_NAMED = 1000;

  /** In the description, for those and for what belongs to no repo. */
  private static final long SPARE_BYTES = 4L << 20;

  private final List<Rooms> caches;
  private final BackupRequest request;
  private final Follower follower;
  private final Map<Identity, LeftOut> bad = new HashMap<>();

  /** One repo, and the cache that it is in. */
  private record Source(Rooms rooms, BackupPlan plan) {}

  Backup(List<Rooms> caches, BackupRequest request, Follower follower) {
    this.caches = caches;
    this.request = request;
    this.follower = follower;
  }

  BackupReport run() {
    requireNew();
    List<Source> sources = sources();
    requireAnArchive(request.file(), sources.stream().map(Source::plan).toList());
    while (true) {
      try {
        return write(sources);
      } catch (RepoCopy.Rotten rotten) {
        // Its bytes are in the archive already: once more, without it.
        bad.put(rotten.identity, rotten.why);
      } catch (IOException e) {
        throw failed(e);
      }
    }
  }

  private ArchiveIo failed(IOException e) {
    return new ArchiveIo("write the backup " + request.file(), e);
  }

  private void requireNew() {
    Path file = request.file();
    if (Files.isDirectory(file)) {
      throw new AlreadyThere(file, "is a directory", "name the file that the backup is to be");
    }
    if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
        && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new AlreadyThere(
          file, "is no regular file, so --force does not replace it", "name another file");
    }
    if (!request.overwrite() && Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new AlreadyThere(
          file, "is there already", "name another file, or replace it with --force");
    }
    try {
      Outside.requireDirectory(Objects.requireNonNull(file.getParent(), "an absolute file's"));
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Before a byte is written: nobody could read one that holds more. */
  static void requireAnArchive(Path file, List<BackupPlan> plans) {
    long entries = 1 + plans.stream().mapToLong(BackupPlan::entries).sum();
    long described = plans.stream().mapToLong(BackupPlan::describedBytes).sum();
    if (entries > Place.MOST_ENTRIES) {
      throw new TooLarge(
          file, "would have %d entries of %d".formatted(entries, Place.MOST_ENTRIES));
    }
    if (described > Place.MOST_MANIFEST_BYTES - SPARE_BYTES) {
      throw new TooLarge(file, "would need a description of %d bytes".formatted(described));
    }
  }

  private List<Source> sources() {
    Map<RepoId, Source> sources = new LinkedHashMap<>();
    if (request.repos().isEmpty()) {
      caches.forEach(
          rooms ->
              all(rooms).forEach(one -> sources.putIfAbsent(one.repo(), new Source(rooms, one))));
    }
    for (RepoId repo : request.repos()) {
      sources.computeIfAbsent(repo, this::source);
    }
    return List.copyOf(sources.values());
  }

  private static List<BackupPlan> all(Rooms rooms) {
    BackupPlan.Maker maker = new BackupPlan.Maker(rooms);
    Map<RepoId, FoundRepo> found = new LinkedHashMap<>();
    rooms.tree().scan().forEach(repo -> found.put(repo.repo(), repo));
    List<BackupPlan> plans = new ArrayList<>();
    found.forEach((repo, there) -> plans.add(maker.make(repo, Optional.of(there))));
    rooms.catalog().repos().stream()
        .filter(row -> !found.containsKey(row.repo()))
        .map(row -> maker.make(row.repo(), Optional.empty()))
        .filter(plan -> !plan.blobs().isEmpty())
        .forEach(plans::add);
    return plans;
  }

  private Source source(RepoId repo) {
    return caches.stream()
        .map(
            rooms ->
                new Source(
                    rooms, new BackupPlan.Maker(rooms).make(repo, rooms.tree().inspect(repo))))
        .filter(source -> !source.plan().blobs().isEmpty())
        .findFirst()
        .orElseThrow(() -> new NotHere(repo.toString(), "'larder ls' lists what is"));
  }

  private BackupReport write(List<Source> sources) throws IOException {
    Progress progress =
        new Progress(
            follower, sources.stream().mapToLong(source -> source.plan().sizeBytes()).sum());
    List<Manifest.Repo> repos = new ArrayList<>();
    List<LeftOut> leftOut = new ArrayList<>();
    Instant now = caches.getFirst().clock().instant();
    try (NewFile file = new NewFile(caches.getFirst().disk(), request.file())) {
      preamble(sources).write(file);
      try (OutputStream zstd = compressed(file)) {
        TarWriter tar = new TarWriter(zstd, now.getEpochSecond());
        for (Source source : sources) {
          RepoCopy copy = new RepoCopy(source.rooms(), source.plan(), tar, bad, progress);
          copy.run().ifPresent(repos::add);
          leftOut.addAll(copy.leftOut());
        }
        List<LeftOut> named = leftOut.subList(0, Math.min(MOST_NAMED, leftOut.size()));
        tar.file(
            Place.MANIFEST,
            new Manifest(Manifest.FORMAT, Manifest.VERSION, now.toString(), version(), repos, named)
                .write());
        tar.finish();
      }
      file.publish(MODE);
      return report(file.size(), repos, leftOut);
    }
  }

  private static Preamble preamble(List<Source> sources) {
    Map<RepoId, Map<Identity, Long>> sizes = new LinkedHashMap<>();
    for (Source source : sources) {
      Map<Identity, Long> blobs = new LinkedHashMap<>();
      source.plan().blobs().forEach((name, blob) -> blobs.put(name, blob.sizeBytes()));
      sizes.put(source.plan().repo(), blobs);
    }
    return new Preamble(sizes);
  }

  /** Closing it ends the frame and leaves the file open. */
  private static OutputStream compressed(OutputStream file) throws IOException {
    ZstdOutputStreamNoFinalizer zstd =
        new ZstdOutputStreamNoFinalizer(new Unclosed(file), LEVEL).setCloseFrameOnFlush(false);
    zstd.setChecksum(true);
    zstd.setWorkers(Math.min(MOST_WORKERS, Runtime.getRuntime().availableProcessors()));
    return zstd;
  }

  /** The file has its name still to get when the frame ends. */
  private static final class Unclosed extends FilterOutputStream {
    Unclosed(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() {
      // By whoever opened it.
    }
  }

  private static String version() {
    String version = Backup.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }

  private BackupReport report(long archiveBytes, List<Manifest.Repo> repos, List<LeftOut> leftOut) {
    List<Manifest.Blob> blobs = repos.stream().flatMap(repo -> repo.blobs().stream()).toList();
    return new BackupReport(
        request.file(),
        repos.stream().map(repo -> RepoId.parse(repo.repo())).toList(),
        blobs.size(),
        blobs.stream().mapToLong(Manifest.Blob::sizeBytes).sum(),
        archiveBytes,
        leftOut);
  }

  /** Bytes of all that is to be copied. For one thread. */
  static final class Progress {
    private final Follower follower;
    private final long totalBytes;
    private long doneBytes;

    Progress(Follower follower, long totalBytes) {
      this.follower = follower;
      this.totalBytes = totalBytes;
    }

    long totalBytes() {
      return totalBytes;
    }

    void moved(String name, long bytes) {
      doneBytes += bytes;
      follower.progress(name, doneBytes, totalBytes);
    }
  }
}
