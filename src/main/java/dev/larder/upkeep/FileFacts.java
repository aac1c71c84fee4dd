package dev.larder.upkeep;

import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.catalog.Catalog.ShownRow;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.FileStat;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Sizes;
import dev.larder.hubcache.HubTree.FoundFile;
import dev.larder.store.BlobStore.QuarantinedFile;
import dev.larder.upkeep.WhyReport.Fact;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** How a file of one commit stands. */
record FileFacts(Why.Rooms rooms, BlobFacts blobs) {
  /** {@code here}: bytes that a request may be answered with. */
  record Told(boolean here, Optional<Identity> identity) {}

  Told add(VerifyTarget target, Commit commit, List<Fact> facts) {
    EntryPath path = new EntryPath(target.file().orElseThrow());
    Optional<FoundFile> found = rooms.tree().find(target.repo(), commit, path);
    Optional<Identity> identity =
        rooms
            .catalog()
            .entry(target.repo(), commit, path)
            .map(EntryRow::identity)
            .or(() -> found.flatMap(FoundFile::identity));
    boolean stored = identity.filter(id -> blobs.add(id, facts)).isPresent();
    if (found.isEmpty()) {
      facts.addAll(absent(target.repo(), commit, path, identity));
      return new Told(stored, identity);
    }
    boolean damaged = !stored && identity.filter(id -> isDamaged(id, found.get())).isPresent();
    facts.add(
        new Fact(
            "file",
            inTree(target.repo(), commit, path, found.get())
                + (damaged ? " Its bytes are those in quarantine, which nobody is given." : "")));
    return new Told(!damaged, identity);
  }

  private List<Fact> absent(
      RepoId repo, Commit commit, EntryPath path, Optional<Identity> identity) {
    if (rooms.tree().knownAbsent(repo, commit, path)) {
      return List.of(new Fact("file", "The hub said that this commit has no such file."));
    }
    return identity.isPresent()
        ? List.of()
        : List.of(new Fact("file", "Nothing is known of it at this commit."));
  }

  /** What is in quarantine has its other names still; what came later is another file. */
  private boolean isDamaged(Identity identity, FoundFile found) {
    return blobs
        .quarantined(identity)
        .map(QuarantinedFile::at)
        .filter(at -> !modified(found).isAfter(at))
        .isPresent();
  }

  private static Instant modified(FoundFile found) {
    return FileStat.time(found.fingerprint().modifiedNanos());
  }

  private String inTree(RepoId repo, Commit commit, EntryPath path, FoundFile found) {
    Optional<ShownRow> ours =
        rooms.catalog().putInto(repo).stream()
            .filter(row -> row.commit().equals(commit) && row.path().equals(path))
            .findFirst();
    return "In the tree, %s, since %s; %s."
        .formatted(
            Sizes.format(found.sizeBytes()),
            RepoFacts.words(modified(found)),
            ours.isPresent() ? "Larder put it there" : "another program put it there");
  }
}
