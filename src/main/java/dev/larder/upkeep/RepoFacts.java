package dev.larder.upkeep;

import dev.larder.access.RepoPattern;
import dev.larder.access.Tokens.Grant;
import dev.larder.catalog.Catalog.RefRow;
import dev.larder.catalog.Catalog.RepoRow;
import dev.larder.catalog.Catalog.Visibility;
import dev.larder.content.Commit;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.content.Sizes;
import dev.larder.upkeep.WhyReport.Fact;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a repo, a revision or a file of it stands now. */
record RepoFacts(Why.Rooms rooms, Why.Terms terms, BlobFacts blobs) {
  /**
   * {@code commit}: the one that is meant; {@code identity}: of the bytes that it is about, for a
   * file of which they are known.
   */
  record Told(
      boolean cached,
      List<Fact> facts,
      String next,
      Optional<Commit> commit,
      Optional<Identity> identity) {}

  Told of(VerifyTarget target) {
    List<Fact> facts = new ArrayList<>();
    Optional<RepoListing> listing =
        new Inventory(rooms.store(), rooms.tree(), rooms.catalog(), terms.clock())
            .find(target.repo());
    facts.add(new Fact("repo", listing.map(RepoFacts::words).orElse("Nothing of it is cached.")));
    listing.ifPresent(here -> here.problems().forEach(p -> facts.add(new Fact("problem", p))));
    Visibility visibility = addRights(target.repo(), facts);
    Revision revision = target.revision().orElse(Revision.MAIN);
    Optional<Meant> meant = meant(target.repo(), revision);
    facts.add(new Fact("commit", meant.map(m -> words(revision, m)).orElse(unknown(revision))));
    boolean ofFile = target.file().filter(file -> !file.endsWith("/")).isPresent();
    Optional<FileFacts.Told> file =
        meant
            .filter(_ -> ofFile)
            .map(m -> new FileFacts(rooms, blobs).add(target, m.commit(), facts));
    Extent here =
        ofFile
            ? Extent.of(file.filter(FileFacts.Told::here).isPresent())
            : meant.map(m -> extent(target, m.commit(), listing, facts)).orElse(Extent.NONE);
    listing
        .flatMap(RepoListing::lastUsed)
        .ifPresent(time -> facts.add(new Fact("last_used", words(time) + ".")));
    Outlook.Ref ref =
        meant
            .map(m -> m.freshAt(terms) ? Outlook.Ref.FRESH : Outlook.Ref.OLD)
            .orElse(Outlook.Ref.UNKNOWN);
    boolean any =
        target.file().isPresent() || target.revision().isPresent()
            ? here != Extent.NONE
            : listing.isPresent();
    return new Told(
        any,
        facts,
        new Outlook(terms, visibility, ref, here).sentence(),
        meant.map(Meant::commit),
        file.flatMap(FileFacts.Told::identity));
  }

  /** Of the commit that is meant, whatever else of the repo is here. */
  private Extent extent(
      VerifyTarget target, Commit commit, Optional<RepoListing> listing, List<Fact> facts) {
    return listing
        .map(
            repo ->
                new SnapshotFacts(rooms.tree()).add(repo, commit, target.file().orElse(""), facts))
        .orElse(Extent.NONE);
  }

  private static String words(RepoListing here) {
    return "%d %s, %s, %s, %s."
        .formatted(
            here.fileCount(),
            here.fileCount() == 1 ? "file" : "files",
            Sizes.format(here.sizeBytes()),
            here.state().name().toLowerCase(Locale.ROOT),
            where(here));
  }

  private static String where(RepoListing here) {
    if (here.isHidden()) {
      return "in the store and not in the tree, since not everybody may read it";
    }
    return here.hiddenFiles() == 0
        ? "in " + here.folder()
        : "in %s; %d of the files are in the store and not in the tree, since not everybody may read them"
            .formatted(here.folder(), here.hiddenFiles());
  }

  static String words(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  private Visibility addRights(RepoId repo, List<Fact> facts) {
    Optional<RepoRow> row = rooms.catalog().repo(repo);
    String said =
        row.map(RepoRow::checkedAt)
            .filter(Instant.EPOCH::isBefore)
            .map(at -> ", as the hub said at %s.".formatted(words(at)))
            .orElse(", as is written down here; the hub was not asked.");
    Visibility visibility = row.map(RepoRow::visibility).orElse(Visibility.UNKNOWN);
    facts.add(
        new Fact(
            "readers",
            switch (visibility) {
              case PUBLIC -> "Everybody may read it" + said;
              case RESTRICTED -> "Only some callers may read it" + said;
              case UNKNOWN -> "Who may read it was not asked of the hub yet.";
            }));
    List<String> groups =
        rooms.tokens().grants().stream()
            .filter(grant -> RepoPattern.parse(grant.pattern()).means(repo))
            .map(Grant::group)
            .distinct()
            .toList();
    if (!groups.isEmpty()) {
      facts.add(new Fact("granted", "To " + String.join(", ", groups) + "."));
    }
    return visibility;
  }

  /** The commit of a revision, and when the hub said so; never for a ref that only the disk has. */
  private record Meant(Commit commit, Optional<Instant> confirmed, boolean fixed) {
    boolean freshAt(Why.Terms terms) {
      return fixed
          || confirmed
              .filter(at -> terms.clock().instant().isBefore(at.plus(terms.refTtl())))
              .isPresent();
    }
  }

  private Optional<Meant> meant(RepoId repo, Revision revision) {
    if (revision.commit().isPresent()) {
      return revision.commit().map(commit -> new Meant(commit, Optional.empty(), true));
    }
    Optional<RefRow> row = rooms.catalog().ref(repo, revision);
    return row.isPresent()
        ? row.map(
            r ->
                new Meant(
                    r.commit(),
                    Optional.of(r.confirmedAt()).filter(at -> at.isAfter(Instant.EPOCH)),
                    false))
        : rooms.tree().ref(repo, revision).map(c -> new Meant(c, Optional.empty(), false));
  }

  private static String words(Revision revision, Meant meant) {
    if (meant.fixed()) {
      return "%s, which never changes.".formatted(meant.commit());
    }
    return meant
        .confirmed()
        .map(
            at ->
                "%s means %s, as the hub said at %s."
                    .formatted(revision, meant.commit(), words(at)))
        .orElse(
            "%s means %s, as the disk has it; the hub was not asked."
                .formatted(revision, meant.commit()));
  }

  private static String unknown(Revision revision) {
    return "Which commit %s means is not known here.".formatted(revision);
  }
}
