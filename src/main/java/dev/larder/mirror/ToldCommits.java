package dev.larder.mirror;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.CatalogException;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.Written;
import dev.larder.upstream.huggingface.DocumentRequest.Info;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The commits that clients were told a branch means, the newest first. Written down when a branch
 * moves, so that a restart does not turn it back. Kept among the documents, and bounded as they
 * are. Says nothing about who may be told. Safe for concurrent use.
 */
final class ToldCommits {
  /** Of older ones only the best is kept. */
  static final int MOST = 8;

  private static final Logger LOG = LoggerFactory.getLogger(ToldCommits.class);

  private final HubMemory memory;
  private final LocalFiles files;
  private final KeptDocuments documents;
  private final HeldCommits held;
  private final Holders holders;

  ToldCommits(
      HubMemory memory,
      LocalFiles files,
      KeptDocuments documents,
      HeldCommits held,
      Holders holders) {
    this.memory = memory;
    this.files = files;
    this.documents = documents;
    this.held = held;
    this.holders = holders;
  }

  /** What the tree says comes last: it has no time. */
  List<Commit> newestFirst(RepoId repo, Revision branch) {
    Set<Commit> all = written(repo, branch);
    files.treeRef(repo, branch).ifPresent(all::add);
    all.removeIf(commit -> holders.isFormer(repo, commit));
    return List.copyOf(all);
  }

  private Set<Commit> written(RepoId repo, Revision branch) {
    Optional<DocumentRow> row = documents.findOften(repo, DocumentKeys.told(branch));
    KnownRef now = memory.of(repo).ref(branch);
    Set<Commit> all = new LinkedHashSet<>();
    if (now != null && row.filter(it -> !now.confirmedAt().isAfter(it.fetchedAt())).isEmpty()) {
      all.add(now.commit());
    }
    row.ifPresent(it -> commits(it).forEach(all::add));
    Optional<KnownRef> recorded = files.ref(repo, branch);
    Optional<KnownRef> described = described(repo, branch);
    recorded
        .map(ref -> newer(ref, described))
        .or(() -> described)
        .map(KnownRef::commit)
        .ifPresent(all::add);
    recorded.map(KnownRef::commit).ifPresent(all::add);
    described.map(KnownRef::commit).ifPresent(all::add);
    return all;
  }

  private static Stream<Commit> commits(DocumentRow row) {
    return new String(row.body(), StandardCharsets.US_ASCII)
        .lines()
        .filter(Commit::looksLike)
        .map(Commit::new);
  }

  /** A description came later than the last file, perhaps: then it is what everybody was told. */
  KnownRef newer(RepoId repo, Revision branch, KnownRef row) {
    return newer(row, described(repo, branch));
  }

  private static KnownRef newer(KnownRef row, Optional<KnownRef> described) {
    return described
        .filter(told -> told.confirmedAt().isAfter(row.confirmedAt()))
        .filter(told -> !told.commit().equals(row.commit()))
        .orElse(row);
  }

  Optional<KnownRef> described(RepoId repo, Revision branch) {
    return documents
        .findOften(repo, DocumentKeys.key(new Info(repo, Optional.of(branch), "")))
        .flatMap(
            row ->
                InfoSha.of(row.body())
                    .map(commit -> new KnownRef(commit, row.fetchedAt(), Written.NOWHERE)));
  }

  /**
   * {@code branch} means {@code commit} since {@code at}; {@code before}: what memory had. Written
   * down when it meant another one.
   */
  void moved(RepoId repo, Revision branch, Optional<Commit> before, Commit commit, Instant at) {
    Set<Commit> all = new LinkedHashSet<>();
    all.add(commit);
    before.ifPresent(all::add);
    all.addAll(written(repo, branch));
    if (all.size() == 1) {
      return;
    }
    List<Commit> newest = all.stream().limit(MOST).toList();
    List<Commit> rest = all.stream().skip(MOST).toList();
    Stream<Commit> best =
        rest.isEmpty() || newest.stream().anyMatch(it -> held.whole(repo, it))
            ? Stream.empty()
            : held.best(repo, rest).stream();
    String lines =
        Stream.concat(newest.stream(), best).map(Commit::hex).collect(Collectors.joining("\n"));
    try {
      documents.keep(
          new DocumentRow(
              repo,
              DocumentKeys.told(branch),
              lines.getBytes(StandardCharsets.US_ASCII),
              "text/plain",
              "",
              at));
    } catch (CatalogException e) {
      LOG.atWarn()
          .addKeyValue("repo", repo)
          .log("what a branch means is not written down: {}", e.explanation());
    }
  }
}
