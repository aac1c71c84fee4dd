package dev.larder.upkeep;

import dev.larder.access.Tokens;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.GitBlobId;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Sizes;
import dev.larder.hubcache.HubTree;
import dev.larder.store.BlobStore;
import dev.larder.upkeep.WhyReport.Decision;
import dev.larder.upkeep.WhyReport.Fact;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Explains what became of an object, from what was written down and what lies on the disk. */
public final class Why {
  private final Rooms rooms;
  private final RepoFacts repoFacts;
  private final BlobFacts blobFacts;
  private final EvictionsTold evictions;
  private final QuarantineTold quarantine;

  /** What is looked at. */
  public record Rooms(
      BlobStore store, Catalog catalog, HubTree tree, Tokens tokens, List<Coming> coming) {}

  /** Bytes that are being fetched just now: how much of how much is here. */
  public record Coming(RepoId repo, Identity identity, long landedBytes, long sizeBytes) {}

  /**
   * What the next request would be judged by. {@code trusting}: what is here may be given out
   * although nobody asked the hub who may have it; {@code personal}: to its owner, all of it.
   */
  public record Terms(
      boolean offline, boolean trusting, boolean personal, Duration refTtl, InstantSource clock) {}

  public Why(Rooms rooms, Terms terms) {
    this.rooms = rooms;
    evictions = new EvictionsTold(rooms.catalog());
    quarantine = new QuarantineTold(rooms.store(), rooms.catalog());
    blobFacts = new BlobFacts(rooms, quarantine);
    repoFacts = new RepoFacts(rooms, terms, blobFacts);
  }

  /** Asks nobody and changes nothing. */
  public WhyReport explain(WhyRequest request) {
    return switch (request) {
      case WhyRequest.OfTarget(VerifyTarget target) -> explain(target);
      case WhyRequest.OfBytes(Identity identity) -> explain(identity);
    };
  }

  private WhyReport explain(VerifyTarget target) {
    RepoFacts.Told told = repoFacts.of(target);
    List<Fact> facts = new ArrayList<>(told.facts());
    addComing(
        each ->
            each.repo().equals(target.repo())
                && told.identity().map(each.identity()::equals).orElse(true),
        facts);
    String path = target.file().filter(file -> !file.endsWith("/")).orElse("");
    Stream<DecisionRow> asked =
        names(target, told).stream()
            .flatMap(
                name ->
                    rooms
                        .catalog()
                        .decisions()
                        .of(target.repo(), name, path, WhyReport.MOST_DECISIONS)
                        .stream())
            .distinct();
    return new WhyReport(
        target.toString(),
        told.cached(),
        facts,
        told.next(),
        decisions(Stream.concat(asked, elsewhere(target, path, told.identity()))));
  }

  /** A pull asks for a branch's files by the commit that it means. Empty: for all of the repo. */
  private static List<String> names(VerifyTarget target, RepoFacts.Told told) {
    return target
        .revision()
        .map(
            revision ->
                Stream.concat(Stream.of(revision.name()), told.commit().stream().map(Commit::hex))
                    .distinct()
                    .toList())
        .orElse(List.of(""));
  }

  private Stream<DecisionRow> elsewhere(
      VerifyTarget target, String path, Optional<Identity> identity) {
    if (path.isEmpty()) {
      return Stream.concat(quarantine.ofRepo(target.repo()), evictions.ofRepo(target.repo()));
    }
    return Stream.concat(
        identity.stream().flatMap(id -> quarantine.ofFile(target.repo(), path, id)),
        evictions.ofFile(target.repo(), new EntryPath(path), identity.flatMap(blobFacts::digest)));
  }

  private WhyReport explain(Identity identity) {
    List<Fact> facts = new ArrayList<>();
    boolean here = blobFacts.add(identity, facts);
    blobFacts.addPlaces(identity, facts);
    addComing(each -> each.identity().equals(identity), facts);
    if (identity instanceof GitBlobId && !here) {
      facts.add(
          new Fact(
              "commit",
              "If it is a commit, say of which repo: org/name@%s.".formatted(identity.hex())));
    }
    Stream<DecisionRow> asked =
        rooms.catalog().decisions().ofIdentity(identity.hex(), WhyReport.MOST_DECISIONS).stream();
    Stream<DecisionRow> elsewhere =
        Stream.concat(
            quarantine.ofBytes(identity),
            blobFacts.digest(identity).stream().flatMap(evictions::ofBytes));
    return new WhyReport(
        identity.hex(), here, facts, "", decisions(Stream.concat(asked, elsewhere)));
  }

  /** Whoever asks for it now takes part. */
  private void addComing(Predicate<Coming> which, List<Fact> facts) {
    rooms.coming().stream()
        .filter(which)
        .map(
            each ->
                new Fact(
                    "transfer",
                    "%s is being fetched: %s of %s are here; another request for it takes part."
                        .formatted(
                            each.identity(),
                            Sizes.format(each.landedBytes()),
                            Sizes.format(each.sizeBytes()))))
        .forEach(facts::add);
  }

  private List<Decision> decisions(Stream<DecisionRow> rows) {
    Callers callers = Callers.of(rooms.tokens());
    return rows.sorted(Comparator.comparing(DecisionRow::at).reversed())
        .limit(WhyReport.MOST_DECISIONS)
        .map(row -> decision(row, callers))
        .toList();
  }

  private static Decision decision(DecisionRow row, Callers callers) {
    return new Decision(
        row.at(),
        row.kind(),
        object(row),
        row.commit(),
        callers.name(row.caller()),
        row.detail(),
        row.times());
  }

  private static String object(DecisionRow row) {
    if (row.repo().isEmpty()) {
      return row.identity();
    }
    return row.repo()
        + (row.revision().isEmpty() ? "" : "@" + row.revision())
        + (row.path().isEmpty() ? "" : ":" + row.path());
  }
}
