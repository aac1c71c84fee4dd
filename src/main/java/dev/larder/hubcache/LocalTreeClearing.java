package dev.larder.hubcache;

import dev.larder.content.Commit;
import dev.larder.content.FileStat.Kind;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** {@link TreeClearing} of a directory on this machine. */
final class LocalTreeClearing implements TreeClearing {
  static final String SHARED_MARKER = ".huggingface-shared-blobs";
  static final String MANIFEST = ".refs";
  private static final Pattern XET_HASH = Pattern.compile("[0-9a-f]{64}");

  private final Ground ground;
  private final LinkReader links;

  LocalTreeClearing(Ground ground, LinkReader links) {
    this.ground = ground;
    this.links = links;
  }

  @Override
  public List<RepoId> repos() {
    return looking("read", this::folders);
  }

  private List<RepoId> folders() throws IOException {
    List<RepoId> repos = new ArrayList<>();
    for (Path name : ground.disk.list(ground.root)) {
      Path folder = ground.root.resolve(name.getFileName());
      if (ground.disk.isDirectory(folder)) {
        repoOf(String.valueOf(name.getFileName())).ifPresent(repos::add);
      }
    }
    return List.copyOf(repos);
  }

  static Optional<RepoId> repoOf(String name) {
    try {
      RepoId repo = RepoId.ofFolder(name);
      return repo.folder().equals(name) ? Optional.of(repo) : Optional.empty();
    } catch (InvalidName _) {
      return Optional.empty(); // Not a repo's: the root has .locks, notes and others' folders too.
    }
  }

  @Override
  public Optional<Look> look(RepoId repo) {
    return looking("read %s in".formatted(repo), () -> lookOnce(repo));
  }

  private Optional<Look> lookOnce(RepoId repo) throws IOException {
    Path folder = new HubLayout(ground.root).folder(repo);
    if (!ground.disk.isDirectory(folder)) {
      return Optional.empty();
    }
    return Optional.of(new RepoScan(ground, links, repo).forRemoval());
  }

  @Override
  public List<SharedBlob> sharedBlobs() {
    return looking("read the shared blobs of", this::shared);
  }

  private List<SharedBlob> shared() throws IOException {
    Path store = ground.root.resolve(HubLayout.BLOBS);
    List<SharedBlob> shared = new ArrayList<>();
    if (!ground.isFile(store.resolve(SHARED_MARKER))) {
      return shared; // Not huggingface_hub's: whose it is, nobody knows.
    }
    for (Name name : new FolderWalk(ground, links, store).run()) {
      String hash = String.valueOf(name.path().getFileName());
      if (name.isFile()
          && XET_HASH.matcher(hash).matches()
          && name.path().equals(Path.of(hash.substring(0, 2), hash))) {
        Path manifest = store.resolve(name.path()).resolveSibling(hash + MANIFEST);
        shared.add(
            new SharedBlob(
                hash,
                name.stat(),
                ground.disk.stat(manifest).filter(stat -> stat.kind() == Kind.FILE)));
      }
    }
    return shared;
  }

  @Override
  public Cleared removeSnapshot(RepoId repo, Commit commit, Set<String> blobs) {
    return doing(
        "remove %s of %s from".formatted(commit, repo),
        () -> new RepoClearing(ground, links, repo).snapshot(commit, blobs));
  }

  @Override
  public Cleared removeRepo(RepoId repo) {
    return doing(
        "remove %s from".formatted(repo), () -> new RepoClearing(ground, links, repo).everything());
  }

  @Override
  public Cleared removeLoose(RepoId repo, String name) {
    return doing(
        "remove a blob of %s from".formatted(repo),
        () -> new RepoClearing(ground, links, repo).loose(name));
  }

  @Override
  public Cleared removeShared(String name) {
    return doing("remove a shared blob from", () -> removeSharedOnce(name));
  }

  private Cleared removeSharedOnce(String name) throws IOException {
    Path file = sharedFile(name);
    Clearance clearance = new Clearance(ground);
    List<String> kept = new ArrayList<>();
    Optional<String> why =
        new DownloadLock(ground)
            .under(
                file.resolveSibling(name + ".lock"),
                "another program is using it now",
                () -> {
                  if (isNeeded(file)) {
                    kept.add("The shared blob %s stays: a repo leads to it.".formatted(name));
                    return;
                  }
                  clearance.file(file);
                  clearance.file(file.resolveSibling(name + MANIFEST));
                  clearance.sync();
                });
    why.ifPresent(reason -> kept.add("The shared blob %s stays: %s.".formatted(name, reason)));
    return new Cleared(clearance.freed(), kept);
  }

  private Path sharedFile(String name) {
    if (!XET_HASH.matcher(name).matches()) {
      throw new InvalidName("shared blob", name, "it is not the name of one");
    }
    return ground.root.resolve(HubLayout.BLOBS).resolve(name.substring(0, 2)).resolve(name);
  }

  /** Its own list of users is a hint and no more. */
  private boolean isNeeded(Path file) throws IOException {
    Path wanted = ground.root.relativize(file);
    for (RepoId repo : folders()) {
      Path blobs = new HubLayout(ground.root).blobs(repo);
      for (Name name : new FolderWalk(ground, links, blobs).run()) {
        if (name.leadsTo().filter(wanted::equals).isPresent()) {
          return true;
        }
      }
    }
    return false;
  }

  private <T> T looking(String what, Refusal.Step<T> step) {
    return Refusal.reading(what, ground.root, step);
  }

  private <T> T doing(String what, Refusal.Step<T> step) {
    return Refusal.changing(what, ground.root, step);
  }
}
