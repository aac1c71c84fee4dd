package dev.larder.mirror;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.upstream.huggingface.DocumentRequest.Refs;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log when a ref means another commit than before. Branches do that; a tag that does was
 * moved by somebody, and where tags are to stay it is refused. Safe for concurrent use.
 */
final class RefMoves {
  private static final Logger LOG = LoggerFactory.getLogger(RefMoves.class);

  /** As clients ask for the list of refs. */
  private static final List<String> QUERIES = List.of("", "include_prs=1");

  private static final Set<String> USUAL_BRANCHES =
      Set.of("main", "master", "dev", "develop", "trunk", "HEAD");

  private final KeptDocuments documents;
  private final boolean immutableTags;

  /** Refused moves, each told once. */
  private final Cache<Move, Boolean> refused = Caffeine.newBuilder().maximumSize(1_000).build();

  private record Move(RepoId repo, Revision ref, Commit now) {}

  RefMoves(KeptDocuments documents, boolean immutableTags) {
    this.documents = documents;
    this.immutableTags = immutableTags;
  }

  /** Whether moves have to be looked for before they are believed. */
  boolean mayRefuse() {
    return immutableTags;
  }

  /** Whether the hub is not followed, which is told. */
  boolean refuses(RepoId repo, Revision ref, Commit was, Commit now) {
    if (!immutableTags || was.equals(now) || !isTag(repo, ref)) {
      return false;
    }
    if (refused.asMap().putIfAbsent(new Move(repo, ref, now), true) == null) {
      tell(repo, ref, was, now, true);
    }
    return true;
  }

  /** It is followed. */
  void moved(RepoId repo, Revision ref, Commit was, Commit now) {
    if (!was.equals(now)) {
      tell(repo, ref, was, now, false);
    }
  }

  private void tell(RepoId repo, Revision ref, Commit was, Commit now, boolean refused) {
    boolean tag = isTag(repo, ref);
    (tag ? LOG.atWarn() : LOG.atInfo())
        .addKeyValue("event", "ref.moved")
        .addKeyValue("kind", tag ? "tag" : "branch")
        .addKeyValue("repo", repo)
        .addKeyValue("revision", ref)
        .addKeyValue("was", was)
        .addKeyValue("now", now)
        .addKeyValue("refused", refused)
        .log("ref moved");
  }

  /**
   * As the hub's list of refs has it; a ref that is in none is a tag if it looks like no branch.
   */
  private boolean isTag(RepoId repo, Revision ref) {
    return QUERIES.stream()
        .map(query -> documents.findOften(repo, DocumentKeys.key(new Refs(repo, query))))
        .flatMap(Optional::stream)
        .map(DocumentRow::body)
        .flatMap(list -> RefsDocument.isTag(list, ref).stream())
        .findFirst()
        .orElseGet(() -> !looksLikeABranch(ref.name()));
  }

  private static boolean looksLikeABranch(String name) {
    return USUAL_BRANCHES.contains(name)
        || (name.contains("/") && !name.startsWith("refs/tags/")); // refs/pr/1, feature/x
  }
}
