package dev.larder.provision;

import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.provision.Archives.LeftOut;
import dev.larder.provision.ProvisionException.ArchiveRefused;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What is to be published of an archive that was read. Pure. Where a backup describes itself, the
 * description and the contents must be the same.
 */
final class RestorePlan {
  private final String archive;
  private final Contents contents;
  private final Instant now;
  private final List<LeftOut> leftOut;

  private RestorePlan(String archive, Contents contents, Instant now) {
    this.archive = archive;
    this.contents = contents;
    this.now = now;
    this.leftOut = new ArrayList<>(contents.leftOut());
  }

  /** In the order of the archive. {@code leftOut}: what has no place in any cache. */
  record Planned(List<Bundle> bundles, List<LeftOut> leftOut) {}

  static Planned of(String archive, Contents contents, Optional<Manifest> manifest, Instant now) {
    RestorePlan plan = new RestorePlan(archive, contents, now);
    List<Bundle> bundles =
        manifest.isPresent() ? plan.described(manifest.get()) : plan.undescribed();
    return new Planned(bundles, plan.leftOut);
  }

  private List<Bundle> undescribed() {
    List<Bundle> bundles = new ArrayList<>();
    contents
        .repos()
        .forEach(
            (repo, found) -> {
              List<Bundle.Snapshot> snapshots = new ArrayList<>();
              found
                  .links()
                  .forEach(
                      (commit, links) ->
                          snapshots.add(
                              new Bundle.Snapshot(
                                  commit,
                                  links.entrySet().stream()
                                      .map(e -> file(found, e.getKey(), e.getValue(), true, false))
                                      .toList(),
                                  Optional.empty())));
              bundles.add(
                  new Bundle(repo, Optional.empty(), snapshots, refs(repo, found, Map.of())));
            });
    return bundles;
  }

  private static Bundle.File file(
      Contents.Repo found, EntryPath path, Identity identity, boolean inTree, boolean shown) {
    Contents.Blob blob = found.blobs().get(identity);
    if (blob == null) {
      throw new IllegalStateException(identity + " was looked for before");
    }
    return new Bundle.File(path, identity, blob.digest(), blob.sizeBytes(), inTree, shown);
  }

  /** A ref to a commit of which nothing is there would be a torn one. */
  private List<Bundle.Ref> refs(
      RepoId repo, Contents.Repo found, Map<Revision, Instant> confirmed) {
    List<Bundle.Ref> refs = new ArrayList<>();
    found
        .refs()
        .forEach(
            (revision, commit) -> {
              if (found.links().containsKey(commit)) {
                Instant at = confirmed.getOrDefault(revision, Instant.EPOCH);
                refs.add(new Bundle.Ref(revision, commit, at, true));
              } else {
                leftOut.add(
                    new LeftOut(
                        repo + "@" + revision,
                        "it means commit %s, of which nothing is in the archive"
                            .formatted(commit)));
              }
            });
    return refs;
  }

  private List<Bundle> described(Manifest manifest) {
    try {
      List<Bundle> bundles = new ArrayList<>();
      for (Manifest.Repo each : manifest.repos()) {
        bundles.add(described(each));
      }
      contents
          .repos()
          .keySet()
          .forEach(
              repo -> {
                if (bundles.stream().noneMatch(bundle -> bundle.repo().equals(repo))) {
                  throw differs(repo + " is in the archive");
                }
              });
      if (bundles.stream().map(Bundle::repo).distinct().count() != bundles.size()) {
        throw differs("a repo is described twice");
      }
      return bundles;
    } catch (InvalidName | DateTimeException | NullPointerException e) {
      throw differs("it has a value that is none: " + e.getMessage());
    }
  }

  private ArchiveRefused differs(String what) {
    return new ArchiveRefused(archive, Place.MANIFEST, "does not describe this archive: " + what);
  }

  private Bundle described(Manifest.Repo said) {
    RepoId repo = RepoId.parse(said.repo());
    Contents.Repo found = contents.of(repo);
    requireSameBlobs(repo, said, found);
    List<Bundle.Snapshot> snapshots = new ArrayList<>();
    Map<Commit, Map<EntryPath, Identity>> links = new LinkedHashMap<>();
    for (Manifest.Snapshot snapshot : said.snapshots()) {
      Bundle.Snapshot described = snapshot(repo, snapshot, found);
      snapshots.add(described);
      for (Bundle.File file : described.files()) {
        if (file.inTree()) {
          links
              .computeIfAbsent(described.commit(), _ -> new LinkedHashMap<>())
              .put(file.path(), file.identity());
        }
      }
    }
    if (!links.equals(found.links())) {
      throw differs("the links of %s are others".formatted(repo));
    }
    return new Bundle(repo, standing(repo, said), snapshots, refs(repo, said, found, snapshots));
  }

  private void requireSameBlobs(RepoId repo, Manifest.Repo said, Contents.Repo found) {
    for (Manifest.Blob blob : said.blobs()) {
      Contents.Blob there = found.blobs().get(Identity.ofHex(blob.name()));
      if (there == null
          || there.sizeBytes() != blob.sizeBytes()
          || !there.digest().equals(new Digest(blob.sha256()))) {
        throw differs("the blob %s of %s is another, or not there".formatted(blob.name(), repo));
      }
    }
    if (said.blobs().size() != found.blobs().size()) {
      throw differs("%s has other blobs".formatted(repo));
    }
  }

  private Bundle.Snapshot snapshot(RepoId repo, Manifest.Snapshot said, Contents.Repo found) {
    Map<EntryPath, Bundle.File> files = new LinkedHashMap<>();
    for (Manifest.File each : said.files()) {
      EntryPath path = EntryPath.ordinary(each.path());
      Identity identity = Identity.ofHex(each.blob());
      if (!found.blobs().containsKey(identity)) {
        throw differs("%s of %s has no blob".formatted(path.quoted(), repo));
      }
      if (files.put(path, file(found, path, identity, each.inTree(), each.shown())) != null) {
        throw differs("%s of %s is there twice".formatted(path.quoted(), repo));
      }
    }
    Commit commit = new Commit(said.commit());
    return new Bundle.Snapshot(
        commit, List.copyOf(files.values()), Optional.ofNullable(found.listings().get(commit)));
  }

  /**
   * That a repo is restricted is believed. That it was public counts only while the hub cannot be
   * asked, as something that was heard long ago.
   */
  private Optional<RepoRow> standing(RepoId repo, Manifest.Repo said) {
    if (said.visibility() == null || said.checkedAt() == null) {
      return Optional.empty();
    }
    try {
      Visibility visibility = Visibility.valueOf(said.visibility().toUpperCase(Locale.ROOT));
      Instant asked = Instant.parse(said.checkedAt());
      String name = said.canonicalName() == null ? "" : said.canonicalName();
      return switch (visibility) {
        case RESTRICTED ->
            Optional.of(new RepoRow(repo, visibility, asked.isAfter(now) ? now : asked, name));
        case PUBLIC -> Optional.of(new RepoRow(repo, visibility, Instant.EPOCH, name));
        case UNKNOWN -> Optional.empty();
      };
    } catch (IllegalArgumentException e) {
      throw new InvalidName("visibility", said.visibility(), "public, restricted or unknown");
    }
  }

  /** Those in the tree are files of the archive; others a server alone knew. */
  private List<Bundle.Ref> refs(
      RepoId repo, Manifest.Repo said, Contents.Repo found, List<Bundle.Snapshot> snapshots) {
    Map<Revision, Instant> confirmed = new LinkedHashMap<>();
    List<Bundle.Ref> refs = new ArrayList<>();
    for (Manifest.Ref ref : said.refs()) {
      Revision revision = new Revision(ref.revision());
      Commit commit = new Commit(ref.commit());
      Instant at = time(ref.confirmedAt());
      if (ref.inTree()) {
        confirmed.put(revision, at);
        if (!commit.equals(found.refs().get(revision))) {
          throw differs("%s of %s means another commit".formatted(revision, repo));
        }
      } else if (snapshots.stream().anyMatch(s -> s.commit().equals(commit))) {
        refs.add(new Bundle.Ref(revision, commit, at, false));
      }
    }
    if (!confirmed.keySet().equals(found.refs().keySet())) {
      throw differs("%s has other refs".formatted(repo));
    }
    refs.addAll(refs(repo, found, confirmed));
    return refs;
  }

  /** What was confirmed in the future was confirmed by a wrong clock: as good as never. */
  private Instant time(@Nullable String text) {
    Instant said = text == null ? Instant.EPOCH : Instant.parse(text);
    return said.isAfter(now) ? Instant.EPOCH : said;
  }
}
