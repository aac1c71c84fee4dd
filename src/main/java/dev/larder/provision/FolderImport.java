package dev.larder.provision;

import dev.larder.content.Commit;
import dev.larder.content.ContentHash;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.provision.Archives.Checked;
import dev.larder.provision.Archives.Follower;
import dev.larder.provision.Archives.ImportReport;
import dev.larder.provision.Archives.ImportRequest;
import dev.larder.provision.Archives.KeptRef;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.provision.ProvisionException.ArchiveIo;
import dev.larder.provision.ProvisionException.NothingToImport;
import dev.larder.store.StoreException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Takes in a folder of model files as a repo. Where the hub can be asked, the snapshot is the hub's
 * and holds the files that are the hub's; else it has a commit of its own, made from what the files
 * hold, so that the same folder is the same commit anywhere.
 */
final class FolderImport {
  /** What programs keep beside the files and is none of the repo's. */
  private static final Set<String> PASSED_OVER = Set.of(".git", ".cache", ".huggingface");

  private final Rooms rooms;
  private final HubFiles hub;
  private final ImportRequest request;
  private final RepoId repo;
  private final List<LeftOut> leftOut = new ArrayList<>();
  private final TreeMap<EntryPath, Path> files;
  private final Map<EntryPath, ContentHash.Hashed> hashes = new HashMap<>();
  private final Backup.Progress progress;

  FolderImport(Rooms rooms, HubFiles hub, ImportRequest request, RepoId repo, Follower follower) {
    this.rooms = rooms;
    this.hub = hub;
    this.request = request;
    this.repo = repo;
    try {
      this.files = found();
      long total = 0;
      for (Path file : files.values()) {
        total += Files.size(file);
      }
      this.progress = new Backup.Progress(follower, total);
    } catch (IOException e) {
      throw new ArchiveIo("read " + request.directory(), e);
    }
    if (files.isEmpty()) {
      throw new NothingToImport(request.directory(), "it has no files");
    }
  }

  private TreeMap<EntryPath, Path> found() throws IOException {
    TreeMap<EntryPath, Path> found = new TreeMap<>();
    Path root = request.directory();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        String path = root.relativize(file).toString();
        if (!PASSED_OVER.contains(root.relativize(file).getName(0).toString())) {
          try {
            // A link to a file counts as the file: older downloads of a folder are such links.
            found.put(EntryPath.ordinary(path), file.toRealPath());
          } catch (InvalidName e) {
            leftOut.add(new LeftOut(Shown.of(path), e.explanation().replaceAll("\\.$", "")));
          }
        }
      }
    }
    return found;
  }

  ImportReport run() {
    HubFiles.Answer answer = hub.ask(repo, request.revision());
    try (Taking taking = new Taking(rooms, request.copy(), named(answer))) {
      return run(answer, taking);
    }
  }

  /** Those that it is known to hold. */
  private Map<Identity, Path> named(HubFiles.Answer answer) {
    Map<Identity, Path> named = new HashMap<>();
    switch (answer) {
      case HubFiles.Answer.Listed listed ->
          listed.files().stream()
              .filter(file -> files.containsKey(file.path()))
              .forEach(file -> named.put(file.identity(), files.get(file.path())));
      case HubFiles.Answer.NotThere _, HubFiles.Answer.Unreachable _ ->
          files.forEach(
              (path, file) -> {
                ContentHash.Hashed found = hashed(file);
                hashes.put(path, found);
                named.put(found.digest(), file);
              });
    }
    return named;
  }

  private ImportReport run(HubFiles.Answer answer, Taking taking) {
    Taken taken =
        switch (answer) {
          case HubFiles.Answer.Listed listed -> asTheHub(listed, taking);
          case HubFiles.Answer.NotThere _, HubFiles.Answer.Unreachable _ -> asItIs(taking);
        };
    if (taken.snapshot().files().isEmpty()) {
      throw new NothingToImport(
          request.directory(),
          "none of its files is one of %s@%s".formatted(repo, request.revision()));
    }
    List<Bundle.Ref> refs =
        request.revision().commit().isPresent()
            ? List.of()
            : List.of(
                new Bundle.Ref(
                    request.revision(), taken.snapshot().commit(), taken.confirmedAt(), true));
    Bundle bundle = new Bundle(repo, Optional.empty(), List.of(taken.snapshot()), refs);
    List<KeptRef> kept = new Publication(rooms).publish(bundle);
    return new ImportReport(
        request.directory(),
        List.of(CacheImport.imported(bundle, taken.checked())),
        taking.copiedBytes(),
        kept,
        leftOut);
  }

  private record Taken(Bundle.Snapshot snapshot, Checked checked, Instant confirmedAt) {}

  /**
   * Files that the hub does not have so are named and left out, as is what is not in the folder.
   */
  private Taken asTheHub(HubFiles.Answer.Listed answer, Taking taking) {
    Map<EntryPath, ListedFile> listed = CacheImport.byPath(answer.files());
    List<Bundle.File> taken = new ArrayList<>();
    files.forEach(
        (path, file) -> {
          ListedFile there = listed.get(path);
          if (there == null) {
            leftOut.add(new LeftOut(path.quoted(), "the hub has no such file in this commit"));
          } else {
            take(taking, path, file, there.identity()).ifPresent(taken::add);
          }
        });
    answer.files().stream()
        .filter(file -> file.path().isOrdinary() && !files.containsKey(file.path()))
        .forEach(
            file ->
                leftOut.add(
                    new LeftOut(
                        file.path().quoted(), "it is not in the folder; 'larder pull' brings it")));
    return new Taken(
        new Bundle.Snapshot(answer.commit(), taken, Optional.of(answer.files())),
        Checked.HUB,
        answer.confirmed() ? rooms.clock().instant() : Instant.EPOCH);
  }

  private Optional<Bundle.File> take(Taking taking, EntryPath path, Path file, Identity identity) {
    try {
      progress.moved(path.value(), Files.size(file));
      Taking.Taken taken = taking.take(file, identity);
      return Optional.of(
          new Bundle.File(path, identity, taken.digest(), taken.sizeBytes(), true, false));
    } catch (StoreException.BlobMismatch e) {
      String why = "the hub has other bytes, of %s".formatted(e.expected().hex());
      leftOut.add(new LeftOut(path.quoted(), why, true));
      return Optional.empty();
    } catch (IOException e) {
      throw new ArchiveIo("read " + file, e);
    }
  }

  /**
   * Nobody says which files are large ones to git, so all are named by their SHA-256. Their git ids
   * are noted too: when the hub can be asked, nothing has to come again.
   */
  private Taken asItIs(Taking taking) {
    List<Bundle.File> taken = new ArrayList<>();
    List<ListedFile> listing = new ArrayList<>();
    MessageDigest commit = sha1();
    commit.update("larder import\n".getBytes(StandardCharsets.UTF_8));
    files.forEach(
        (path, file) -> {
          ContentHash.Hashed hashed = Objects.requireNonNull(hashes.get(path), "hashed before");
          take(taking, path, file, hashed.digest())
              .ifPresent(
                  each -> {
                    rooms.catalog().pinBlob((GitBlobId) hashed.found(), each.digest());
                    taken.add(each);
                    listing.add(listed(each));
                    String line = "%s\0%s\n".formatted(path, each.digest().hex());
                    commit.update(line.getBytes(StandardCharsets.UTF_8));
                  });
        });
    Commit id = new Commit(HexFormat.of().formatHex(commit.digest()));
    return new Taken(
        new Bundle.Snapshot(id, taken, Optional.of(listing)), Checked.LOCAL, Instant.EPOCH);
  }

  private ContentHash.Hashed hashed(Path file) {
    try {
      return Taking.hashed(rooms.disk(), file, new GitBlobId("0".repeat(GitBlobId.LENGTH)));
    } catch (IOException e) {
      throw new ArchiveIo("read " + file, e);
    }
  }

  /** As if it were kept in LFS: its line names the pointer that git would have. */
  private static ListedFile listed(Bundle.File file) {
    byte[] pointer =
        "version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n"
            .formatted(file.digest().hex(), file.sizeBytes())
            .getBytes(StandardCharsets.US_ASCII);
    MessageDigest id = GitBlobId.hasher(pointer.length);
    id.update(pointer);
    return new ListedFile(
        file.path(), file.sizeBytes(), GitBlobId.of(id.digest()).hex(), Optional.of(file.digest()));
  }

  private static MessageDigest sha1() {
    try {
      return MessageDigest.getInstance("SHA-1");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
