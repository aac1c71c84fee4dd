package dev.larder.mirror;

import dev.larder.catalog.Catalog.DocumentRow;
import dev.larder.catalog.CatalogException;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Asking.About;
import dev.larder.mirror.Asking.Asked;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.upstream.Credential;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of the hub's API, kept for repos that are public. What names a commit never changes;
 * everything else is asked again after the time a branch's commit is trusted, and answered from
 * here when the hub cannot be asked.
 */
final class Documents {
  private static final Logger LOG = LoggerFactory.getLogger(Documents.class);

  private final HubUpstream upstream;
  private final Asking asking;
  private final HubMemory memory;
  private final Publishing publishing;
  private final KeptDocuments rows;
  private final TreeDocuments tree;
  private final MirrorSettings settings;
  private final InstantSource clock;
  private final Shared<SharedKey, Asked<Document>> running = new Shared<>();

  private record SharedKey(DocumentRequest request, String scope) {}

  Documents(
      HubUpstream upstream,
      Asking asking,
      HubMemory memory,
      Publishing publishing,
      MirrorRooms rooms,
      MirrorSettings settings,
      InstantSource clock) {
    this.upstream = upstream;
    this.asking = asking;
    this.memory = memory;
    this.publishing = publishing;
    this.rows = new KeptDocuments(rooms.catalog());
    this.tree = new TreeDocuments(rooms.tree());
    this.settings = settings;
    this.clock = clock;
  }

  DocumentAnswer answer(DocumentRequest request, Caller caller) {
    Optional<RepoId> repo = DocumentKeys.repo(request);
    if (repo.isEmpty()) {
      return unkept(request, caller);
    }
    boolean offline = settings.offline() || caller.offline();
    Optional<DocumentRow> row = rows.find(repo.get(), DocumentKeys.key(request));
    if (row.isPresent() && !offline && usable(repo.get(), request, row.get())) {
      return new DocumentAnswer.Here(document(row.get()), CacheState.HIT);
    }
    Optional<Document> kept = row.map(Documents::document).or(() -> tree.answer(request));
    if (offline || (kept.isPresent() && asking.seemsAway())) {
      return remembered(repo.get(), request, kept, offline ? CacheState.HIT : CacheState.STALE)
          .orElseGet(() -> askOrRefuse(repo.get(), request, caller, kept, offline));
    }
    return ask(repo.get(), request, caller, kept);
  }

  private DocumentAnswer askOrRefuse(
      RepoId repo,
      DocumentRequest request,
      Caller caller,
      Optional<Document> kept,
      boolean offline) {
    if (offline) {
      throw new MirrorException.OfflineMiss(
          "What the hub says of %s is not cached, and Larder is offline.".formatted(repo));
    }
    return ask(repo, request, caller, kept);
  }

  /** About no repo: who am I. Asked with the caller's own token, kept nowhere. */
  private DocumentAnswer unkept(DocumentRequest request, Caller caller) {
    if (settings.offline() || caller.offline()) {
      throw new MirrorException.OfflineMiss(
          "The hub cannot be asked who the caller is: Larder is offline.");
    }
    Found<Document> found =
        upstream.document(request, caller.credential(), MirrorSettings.FIRST_ANSWER);
    return switch (found) {
      case Found.Here<Document>(Document document) ->
          new DocumentAnswer.Here(document, CacheState.BYPASS);
      case Found.Not<Document>(Found.Refusal reason) ->
          new DocumentAnswer.Refused(reason, CacheState.BYPASS);
    };
  }

  /** The text of a file is as open as the file. */
  private static About about(DocumentRequest request) {
    return request instanceof DocumentRequest.Raw ? About.FILE : About.REPO;
  }

  private boolean mayGiveUnasked(RepoId repo, DocumentRequest request) {
    return about(request) == About.FILE
        ? asking.mayServeUnasked(repo)
        : asking.mayTellUnasked(repo);
  }

  private boolean usable(RepoId repo, DocumentRequest request, DocumentRow row) {
    Instant now = clock.instant();
    HubMemory.Access access = asking.access(repo);
    boolean open =
        about(request) == About.FILE
            ? access.publicAt(now, settings.accessTtl())
            : access.toldAt(now, settings.accessTtl());
    if (!open) {
      return false;
    }
    if (request.commit().isPresent()) {
      return true;
    }
    return now.isBefore(row.fetchedAt().plus(settings.refTtl()))
        && agreesWithRef(repo, request, row);
  }

  /** An info document must name the commit that files are answered from at the same moment. */
  private boolean agreesWithRef(RepoId repo, DocumentRequest request, DocumentRow row) {
    Revision revision = DocumentKeys.infoRevision(request);
    KnownRef ref = revision == null ? null : memory.of(repo).ref(revision);
    return ref == null || InfoSha.of(row.body()).map(ref.commit()::equals).orElse(true);
  }

  private DocumentAnswer ask(
      RepoId repo, DocumentRequest request, Caller caller, Optional<Document> kept) {
    boolean cached = kept.isPresent() && mayGiveUnasked(repo, request);
    Deadline by =
        Deadline.after(cached ? MirrorSettings.REVALIDATION : MirrorSettings.FIRST_ANSWER)
            .atMost(settings.patience());
    Asked<Document> asked;
    try {
      asked =
          running.get(
              new SharedKey(request, caller.credential().scope()),
              () ->
                  asking.ask(
                      repo,
                      about(request),
                      caller,
                      by.remaining(),
                      (Credential credential, Duration left) ->
                          upstream.document(request, credential, left)));
    } catch (UpstreamException e) {
      return remembered(repo, request, kept, CacheState.STALE).orElseThrow(() -> e);
    }
    return switch (asked.found()) {
      case Found.Here<Document>(Document document) -> {
        if (!asked.restricted()) {
          keepIfPossible(repo, request, document);
        }
        yield new DocumentAnswer.Here(document, CacheState.MISS);
      }
      case Found.Not<Document>(Found.Refusal reason) ->
          new DocumentAnswer.Refused(reason, CacheState.MISS);
    };
  }

  /** An answer is no worse for not being kept. */
  private void keepIfPossible(RepoId repo, DocumentRequest request, Document document) {
    try {
      keep(repo, request, document);
    } catch (CatalogException e) {
      LOG.atWarn().addKeyValue("repo", repo).log("an answer is not kept: {}", e.explanation());
    }
  }

  private void keep(RepoId repo, DocumentRequest request, Document document) {
    Instant now = clock.instant();
    asking.writeDown(repo);
    rows.keep(
        new DocumentRow(
            repo,
            DocumentKeys.key(request),
            document.body(),
            document.contentType(),
            DocumentKeys.headerLines(document),
            now));
    if (DocumentKeys.isWholeTree(request)) {
      publishing.listingCame();
    }
    Revision revision = DocumentKeys.infoRevision(request);
    Optional<Commit> commit = revision == null ? Optional.empty() : InfoSha.of(document.body());
    if (revision != null && commit.isPresent() && revision.commit().isEmpty()) {
      memory.of(repo).confirmRef(revision, commit.get(), now);
    }
  }

  private Optional<DocumentAnswer> remembered(
      RepoId repo, DocumentRequest request, Optional<Document> kept, CacheState state) {
    return mayGiveUnasked(repo, request)
        ? kept.map(document -> new DocumentAnswer.Here(document, state))
        : Optional.empty();
  }

  private static Document document(DocumentRow row) {
    Map<String, String> headers = new LinkedHashMap<>(DocumentKeys.headers(row.headers()));
    Optional<String> next = Optional.ofNullable(headers.remove(DocumentKeys.NEXT));
    return new Document(row.body(), row.contentType(), next, headers);
  }
}
