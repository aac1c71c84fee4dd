package dev.larder.upkeep;

import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.FileStat;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.TreeClearing.Look;
import dev.larder.hubcache.TreeClearing.Name;
import dev.larder.upkeep.Holdings.Blob;
import dev.larder.upkeep.Holdings.Ref;
import dev.larder.upkeep.Holdings.Repo;
import dev.larder.upkeep.Holdings.Snapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;

/** Sorts what lies in one repo's folder by what it belongs to. For one repo. */
final class RepoReading {
  private static final Comparator<Commit> BY_HEX = Comparator.comparing(Commit::hex);

  private final Function<String, Optional<Digest>> digests;
  private final Map<Long, Digest> byInode;
  private final boolean countsRows;
  private final Map<Commit, Snapshot> snapshots = new TreeMap<>(BY_HEX);
  private final Map<Revision, Ref> refs = new LinkedHashMap<>();
  private final Map<String, Blob> blobs = new TreeMap<>();
  private final List<FileStat> rest = new ArrayList<>();
  private final Set<Digest> known = new HashSet<>();
  private final Set<Commit> coming = new HashSet<>();

  /** {@code countsRows}: what the catalog has of it counts as being here. */
  RepoReading(
      Function<String, Optional<Digest>> digests, Map<Long, Digest> byInode, boolean countsRows) {
    this.digests = digests;
    this.byInode = byInode;
    this.countsRows = countsRows;
  }

  Repo read(
      RepoId repo, Optional<Look> look, List<EntryRow> rows, List<RefRow> recorded, LastUse uses) {
    look.ifPresent(this::readRefs);
    recorded.forEach(
        row -> {
          // One whose file somebody else removed names nothing any more.
          if (countsRows || refs.containsKey(row.revision())) {
            coming.add(row.commit());
          }
          Ref _ =
              refs.putIfAbsent(
                  row.revision(), new Ref(row.revision(), row.commit(), Optional.empty()));
        });
    // A removal that was cut may have left no more than the row of its ref.
    refs.values().forEach(ref -> snapshot(ref.commit()));
    look.ifPresent(found -> found.snapshots().forEach(this::snapshot));
    look.ifPresent(found -> found.names().forEach(name -> sort(repo, name)));
    snapshots.values().forEach(this::addNeeds);
    rows.forEach(this::addRow);
    return new Repo(
        repo,
        look.isPresent() || countsRows,
        lastUsed(look, uses),
        List.copyOf(snapshots.values()),
        List.copyOf(refs.values()),
        coming,
        List.copyOf(blobs.values()),
        List.copyOf(rest),
        known,
        look.map(Look::doubts).orElse(List.of()));
  }

  private void readRefs(Look look) {
    Map<Path, FileStat> files = new HashMap<>();
    look.names().forEach(name -> files.put(name.path(), name.stat()));
    for (var ref : look.refs()) {
      Path path = Path.of("refs").resolve(ref.revision().name());
      Ref _ =
          refs.put(
              ref.revision(),
              new Ref(ref.revision(), ref.commit(), Optional.ofNullable(files.get(path))));
    }
  }

  private Snapshot snapshot(Commit commit) {
    return snapshots.computeIfAbsent(
        commit,
        _ ->
            new Snapshot(
                commit,
                new LinkedHashMap<>(),
                new HashSet<>(),
                new ArrayList<>(),
                new HashSet<>(),
                new HashSet<>()));
  }

  private void sort(RepoId repo, Name name) {
    Path path = name.path();
    String part = path.getName(0).toString();
    String second = path.getNameCount() > 1 ? path.getName(1).toString() : "";
    switch (part) {
      case "snapshots", ".no_exist" -> {
        if (Commit.looksLike(second)) {
          addTo(snapshot(new Commit(second)), repo, name);
        } else {
          addRest(name);
        }
      }
      case "trees" -> {
        String commit = second.replace(".json", "");
        Snapshot owner = Commit.looksLike(commit) ? snapshots.get(new Commit(commit)) : null;
        if (owner != null && name.isFile()) {
          owner.own().add(name.stat());
        } else {
          addRest(name);
        }
      }
      case "blobs" -> {
        if (path.getNameCount() == 2) {
          blobs.put(second, new Blob(second, name.stat(), name.isUnfinished(), name.shared()));
        } else {
          addRest(name);
        }
      }
      case "refs" -> {
        boolean read =
            refs.values().stream()
                .anyMatch(ref -> Path.of("refs").resolve(ref.revision().name()).equals(path));
        if (!read) {
          addRest(name);
        }
      }
      default -> addRest(name);
    }
  }

  private void addTo(Snapshot snapshot, RepoId repo, Name name) {
    name.blob(repo).ifPresent(blob -> snapshot.links().put(below(name.path()), blob));
    if (name.isFile()) {
      snapshot.own().add(name.stat());
      Digest digest = byInode.get(name.stat().inode());
      if (digest != null) {
        snapshot.needs().add(digest);
      }
    }
  }

  /** The entry's own path. */
  private static String below(Path path) {
    return path.getNameCount() > 2 ? path.subpath(2, path.getNameCount()).toString() : "";
  }

  private void addRest(Name name) {
    if (name.isFile()) {
      rest.add(name.stat());
    }
  }

  /** The names of blobs are known only when all of the folder was read. */
  private void addNeeds(Snapshot snapshot) {
    for (String name : snapshot.blobs()) {
      Blob blob = blobs.get(name);
      Digest linked = blob == null ? null : byInode.get(blob.stat().inode());
      Optional<Digest> digest =
          linked != null || byInode.isEmpty() ? Optional.ofNullable(linked) : digests.apply(name);
      digest.ifPresent(snapshot.needs()::add);
    }
    snapshot.known().addAll(snapshot.needs());
    known.addAll(snapshot.needs());
  }

  private void addRow(EntryRow row) {
    Snapshot snapshot = countsRows ? snapshot(row.commit()) : snapshots.get(row.commit());
    Optional<Digest> digest = digests.apply(row.identity().hex());
    digest.ifPresent(known::add);
    if (snapshot != null) {
      snapshot.named().add(row.identity().hex());
    }
    if (snapshot == null || digest.isEmpty()) {
      return;
    }
    snapshot.known().add(digest.get());
    if (countsRows) {
      snapshot.needs().add(digest.get());
    }
  }

  /** As {@code ls} has it. */
  private Instant lastUsed(Optional<Look> look, LastUse uses) {
    Set<String> parts = Set.of("blobs", "snapshots");
    return Stream.concat(
            uses.known().stream(),
            look.stream()
                .flatMap(found -> found.names().stream())
                .filter(name -> name.isFile() && parts.contains(name.path().getName(0).toString()))
                .map(
                    name ->
                        uses.of(
                            blobName(name),
                            name.stat().modifiedNanos(),
                            name.stat().accessedNanos())))
        .max(Instant::compareTo)
        .orElse(Instant.EPOCH);
  }

  /** A file that stands in a snapshot itself has no name but its path. */
  private String blobName(Name name) {
    Digest digest = byInode.get(name.stat().inode());
    return digest != null ? digest.hex() : String.valueOf(name.path().getFileName());
  }
}
