package dev.larder.mirror;

import dev.larder.content.Shares.Share;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import java.time.InstantSource;
import java.util.Optional;

/**
 * Answers about no repo: who am I, what is there to find. Asked with the caller's own token, and
 * written down nowhere.
 */
final class RepolessDocuments {
  private final HubUpstream upstream;
  private final Misses misses;
  private final MirrorSettings settings;
  private final KeptNames names;

  RepolessDocuments(
      HubUpstream upstream, Misses misses, MirrorSettings settings, InstantSource clock) {
    this.upstream = upstream;
    this.misses = misses;
    this.settings = settings;
    this.names = new KeptNames(settings.accessTtl(), clock);
  }

  DocumentAnswer answer(DocumentRequest request, Caller caller) {
    if (settings.offline() || caller.offline()) {
      throw new MirrorException.OfflineMiss(
          "What is about no repo in particular only the hub knows, and Larder is offline.");
    }
    boolean name = request instanceof DocumentRequest.WhoAmI;
    Optional<Document> known = name ? names.find(caller) : Optional.empty();
    if (known.isPresent()) {
      return new DocumentAnswer.Here(known.get(), CacheState.HIT);
    }
    return switch (ask(request, caller)) {
      case Found.Here<Document>(Document document) -> {
        if (name) {
          names.keep(caller, document);
        }
        yield new DocumentAnswer.Here(document, CacheState.BYPASS);
      }
      case Found.Not<Document>(Found.Refusal reason) ->
          new DocumentAnswer.Refused(reason, CacheState.BYPASS);
    };
  }

  private Found<Document> ask(DocumentRequest request, Caller caller) {
    try (Share _ = misses.question(caller, Bucket.API, MirrorSettings.REVALIDATION, () -> {})) {
      return upstream.document(
          request, caller.credential(), MirrorSettings.FIRST_ANSWER, caller.reserve());
    }
  }
}
