package dev.larder.testing;

import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A repo of a {@link FakeHub}. Files are put into its working tree and become visible by {@link
 * #commit}. Safe to change while requests run.
 */
public final class FakeRepo {
  private static final AtomicInteger CREATED = new AtomicInteger();

  private final RepoId id;
  private final String hubId = "621ffdc036468d70%08x".formatted(CREATED.incrementAndGet());
  private final Map<String, FakeFile> workingTree = new TreeMap<>();
  private final Map<String, Map<String, FakeFile>> snapshots = new ConcurrentHashMap<>();
  private final List<Commit> history = new ArrayList<>();
  private final Map<String, Commit> refs = new LinkedHashMap<>();
  private final Set<String> readers = ConcurrentHashMap.newKeySet();
  private volatile Visibility visibility = Visibility.PUBLIC;

  enum Visibility {
    PUBLIC,
    PRIVATE,
    GATED,
    DISABLED
  }

  FakeRepo(RepoId id) {
    this.id = id;
  }

  public RepoId id() {
    return id;
  }

  /** The hub's own name for it; no other repo has it. */
  public String hubId() {
    return hubId;
  }

  /** A file kept in git. */
  public synchronized FakeRepo file(String path, byte[] bytes) {
    workingTree.put(path, new FakeFile(FakeContent.of(bytes), false));
    return this;
  }

  public FakeRepo file(String path, String text) {
    return file(path, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A large file: the CDN has its bytes. */
  public synchronized FakeRepo lfs(String path, byte[] bytes) {
    workingTree.put(path, new FakeFile(FakeContent.of(bytes), true));
    return this;
  }

  /** A large file of any size that takes no memory. */
  public synchronized FakeRepo lfsGenerated(String path, long size, long seed) {
    workingTree.put(path, new FakeFile(FakeContent.generated(size, seed), true));
    return this;
  }

  public synchronized FakeRepo remove(String path) {
    workingTree.remove(path);
    return this;
  }

  /** Makes the working tree a commit and moves {@code branch} to it. */
  public synchronized Commit commit(String branch) {
    StringBuilder tree = new StringBuilder(id + " " + history.size());
    workingTree.forEach(
        (path, file) -> tree.append('\n').append(path).append(' ').append(file.identity()));
    Commit commit = new Commit(sha1(tree.toString()));
    snapshots.put(commit.hex(), new TreeMap<>(workingTree));
    history.add(commit);
    refs.put("refs/heads/" + branch, commit);
    return commit;
  }

  /** Points a branch at any commit, forwards or back. */
  public synchronized FakeRepo branch(String name, Commit commit) {
    refs.put("refs/heads/" + name, commit);
    return this;
  }

  public synchronized FakeRepo tag(String name, Commit commit) {
    refs.put("refs/tags/" + name, commit);
    return this;
  }

  /** A commit of another repo, as one who pushes its history brings it. */
  public FakeRepo take(Commit commit, FakeRepo from) {
    snapshots.put(commit.hex(), from.snapshot(commit));
    return this;
  }

  /** A full name, such as {@code refs/pr/1} or {@code refs/convert/parquet}. */
  public synchronized FakeRepo ref(String fullName, Commit commit) {
    refs.put(fullName, commit);
    return this;
  }

  public FakeRepo open() {
    visibility = Visibility.PUBLIC;
    return this;
  }

  /** For others it does not exist. */
  public FakeRepo privateTo(String... tokens) {
    return closed(Visibility.PRIVATE, tokens);
  }

  /** Others see that it is there. */
  public FakeRepo gatedTo(String... tokens) {
    return closed(Visibility.GATED, tokens);
  }

  public FakeRepo disabled() {
    return closed(Visibility.DISABLED);
  }

  private FakeRepo closed(Visibility how, String... tokens) {
    readers.clear();
    readers.addAll(List.of(tokens));
    visibility = how;
    return this;
  }

  Visibility visibility() {
    return visibility;
  }

  boolean readableBy(Optional<String> token) {
    return visibility == Visibility.PUBLIC || token.filter(readers::contains).isPresent();
  }

  /** Described to everybody, as the real hub does; its files are not given. */
  boolean gated() {
    return visibility == Visibility.GATED;
  }

  Set<String> readers() {
    return readers;
  }

  synchronized Optional<Commit> resolve(String revision) {
    if (snapshots.containsKey(revision)) {
      return Optional.of(new Commit(revision));
    }
    for (String prefix : List.of("refs/heads/", "refs/tags/", "")) {
      if (refs.containsKey(prefix + revision)) {
        return Optional.ofNullable(refs.get(prefix + revision));
      }
    }
    return Optional.empty();
  }

  /** By path, in order. */
  public Map<String, FakeFile> snapshot(Commit commit) {
    return snapshots.getOrDefault(commit.hex(), Map.of());
  }

  public FakeFile file(Commit commit, String path) {
    FakeFile file = snapshot(commit).get(path);
    if (file == null) {
      throw new IllegalArgumentException("no " + path + " in " + commit);
    }
    return file;
  }

  synchronized Map<String, Commit> refs() {
    return new LinkedHashMap<>(refs);
  }

  /** Newest first. */
  synchronized List<Commit> history() {
    return new ArrayList<>(history).reversed();
  }

  private static String sha1(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-1", e);
    }
  }
}
