package dev.larder.mirror;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.CatalogException;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import dev.larder.content.Revision;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what the hub said of a repo, with what follows from it, and finds it again. What
 * names a commit never changes; everything else is true for as long as a branch's commit.
 */
final class DocumentKeeping {
  private static final Logger LOG = LoggerFactory.getLogger(DocumentKeeping.class);

  private final KeptDocuments rows;
  private final HubMemory memory;
  private final Asking asking;
  private final Publishing publishing;
  private final Branches branches;
  private final Duration refTtl;
  private final InstantSource clock;

  DocumentKeeping(
      KeptDocuments rows,
      HubMemory memory,
      Asking asking,
      Publishing publishing,
      Branches branches,
      Duration refTtl,
      InstantSource clock) {
    this.rows = rows;
    this.memory = memory;
    this.asking = asking;
    this.publishing = publishing;
    this.branches = branches;
    this.refTtl = refTtl;
    this.clock = clock;
  }

  void forget(RepoId repo) {
    rows.forget(repo);
  }

  /** To be held for as long as {@code reserve} is. */
  Optional<DocumentRow> find(RepoId repo, DocumentRequest request, Reserve reserve) {
    return rows.find(repo, DocumentKeys.key(request), reserve);
  }

  static Document document(DocumentRow row) {
    Map<String, String> headers = new LinkedHashMap<>(DocumentKeys.headers(row.headers()));
    Optional<String> next = Optional.ofNullable(headers.remove(DocumentKeys.NEXT));
    return new Document(row.body(), row.contentType(), next, headers);
  }

  /** Whether the hub need not be asked again. */
  boolean usable(RepoId repo, DocumentRequest request, DocumentRow row) {
    return request.commit().isPresent()
        || (clock.instant().isBefore(row.fetchedAt().plus(refTtl))
            && agreesWithRef(repo, request, row));
  }

  /** An info document must name the commit that files are answered from at the same moment. */
  private boolean agreesWithRef(RepoId repo, DocumentRequest request, DocumentRow row) {
    Revision revision = DocumentKeys.infoRevision(request);
    KnownRef ref = revision == null ? null : memory.of(repo).ref(revision);
    return ref == null || InfoSha.of(row.body()).map(ref.commit()::equals).orElse(true);
  }

  /** Throws {@link MirrorException.TagMoved} when it says that a tag moved which is to stay. */
  void judge(RepoId repo, DocumentRequest request, Document document) {
    Revision revision = DocumentKeys.infoRevision(request);
    if (revision != null) {
      InfoSha.of(document.body()).ifPresent(commit -> branches.judge(repo, revision, commit));
    }
  }

  /** An answer is no worse for not being kept. */
  void keepIfPossible(RepoId repo, DocumentRequest request, Document document) {
    try {
      keep(repo, request, document);
    } catch (CatalogException e) {
      LOG.atWarn().addKeyValue("repo", repo).log("an answer is not kept: {}", e.explanation());
    }
  }

  private void keep(RepoId repo, DocumentRequest request, Document document) {
    Instant now = clock.instant();
    asking.writeDown(repo);
    keepRow(repo, request, document, now);
    if (DocumentKeys.isWholeTree(request)) {
      publishing.listingCame();
    }
    Revision revision = DocumentKeys.infoRevision(request);
    Optional<Commit> commit = revision == null ? Optional.empty() : InfoSha.of(document.body());
    if (revision != null && commit.isPresent() && revision.commit().isEmpty()) {
      branches.confirm(repo, revision, commit.get());
      keepRow(repo, DocumentKeys.at(request, commit.get()), document, now);
    }
  }

  private void keepRow(RepoId repo, DocumentRequest request, Document document, Instant at) {
    rows.keep(
        new DocumentRow(
            repo,
            DocumentKeys.key(request),
            document.body(),
            document.contentType(),
            DocumentKeys.headerLines(document),
            at));
  }
}
