package dev.larder.mirror;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.Catalog.EntryRow;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.content.Shares.Share;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import dev.larder.upstream.huggingface.LfsObjectId;
import dev.larder.upstream.huggingface.Passed;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds large files of a repo by their digests. Who knows a digest has no right by that: the caller
 * is judged for the repo first, and only what this repo's own rows and listings hold, or the hub
 * says it has, is found; that another repo's bytes are here counts for nothing.
 */
final class LfsObjects {
  private final HubUpstream upstream;
  private final Catalog catalog;
  private final Asking asking;
  private final Misses misses;
  private final Documents documents;
  private final PassThrough passThrough;
  private final Licensing licensing;
  private final MirrorSettings settings;
  private final InstantSource clock;

  LfsObjects(
      HubUpstream upstream,
      Catalog catalog,
      Asking asking,
      Misses misses,
      Documents documents,
      PassThrough passThrough,
      Licensing licensing,
      MirrorSettings settings,
      InstantSource clock) {
    this.upstream = upstream;
    this.catalog = catalog;
    this.asking = asking;
    this.misses = misses;
    this.documents = documents;
    this.passThrough = passThrough;
    this.licensing = licensing;
    this.settings = settings;
    this.clock = clock;
  }

  LfsAnswer find(RepoId repo, Optional<Revision> at, List<LfsObjectId> objects, Caller caller) {
    Optional<Found.Refusal> no = refusal(repo, caller);
    if (no.isPresent()) {
      return new LfsAnswer.Refused(no.get());
    }
    Map<Digest, LfsPlace> places = new LinkedHashMap<>();
    inRows(repo, objects, places);
    try {
      inListings(repo, at, objects, caller, places);
      atTheHub(repo, missing(objects, places), caller, places);
      return new LfsAnswer.Here(places, Optional.empty());
    } catch (UpstreamException | MirrorException e) {
      if (places.isEmpty()) {
        throw e;
      }
      return new LfsAnswer.Here(places, Optional.of(e));
    }
  }

  private Optional<Found.Refusal> refusal(RepoId repo, Caller caller) {
    boolean open = asking.access(repo).publicAt(clock.instant(), settings.accessTtl());
    if (open || asking.pass(repo, caller) != null) {
      return Optional.empty();
    }
    return documents.answer(new DocumentRequest.AuthCheck(repo), caller)
            instanceof DocumentAnswer.Refused(Found.Refusal reason, _)
        ? Optional.of(reason)
        : Optional.empty();
  }

  private void inRows(RepoId repo, List<LfsObjectId> objects, Map<Digest, LfsPlace> places) {
    Set<Digest> digests = objects.stream().map(LfsObjectId::digest).collect(Collectors.toSet());
    for (EntryRow row : catalog.entriesOf(repo, digests)) {
      if (row.identity() instanceof Digest digest) {
        places.putIfAbsent(digest, new LfsPlace.File(row.commit(), row.path(), row.sizeBytes()));
      }
    }
  }

  private static List<LfsObjectId> missing(
      List<LfsObjectId> objects, Map<Digest, LfsPlace> places) {
    return objects.stream().filter(object -> !places.containsKey(object.digest())).toList();
  }

  /** Of the branch that the client works on, and of the main one. */
  private void inListings(
      RepoId repo,
      Optional<Revision> at,
      List<LfsObjectId> objects,
      Caller caller,
      Map<Digest, LfsPlace> places) {
    Set<Revision> revisions = new LinkedHashSet<>();
    at.ifPresent(revisions::add);
    revisions.add(Revision.MAIN);
    for (Revision revision : revisions) {
      List<LfsObjectId> missing = missing(objects, places);
      if (!missing.isEmpty()) {
        commit(repo, revision, caller)
            .ifPresent(commit -> inListing(repo, commit, missing, caller, places));
      }
    }
  }

  private Optional<Commit> commit(RepoId repo, Revision revision, Caller caller) {
    DocumentRequest question = new DocumentRequest.Info(repo, Optional.of(revision), "");
    return documents.answer(question, caller) instanceof DocumentAnswer.Here(var document, _)
        ? InfoSha.of(document.body())
        : Optional.empty();
  }

  private void inListing(
      RepoId repo,
      Commit commit,
      List<LfsObjectId> wanted,
      Caller caller,
      Map<Digest, LfsPlace> places) {
    DocumentRequest question =
        new DocumentRequest.Tree(repo, new Revision(commit.hex()), Optional.empty(), true, false);
    if (!(documents.answer(question, caller) instanceof DocumentAnswer.Here(var document, _))) {
      return;
    }
    Set<Digest> digests = new LinkedHashSet<>(wanted.stream().map(LfsObjectId::digest).toList());
    for (ListedFile file : Listings.files(document.body())) {
      Optional<Digest> digest = file.lfsSha256().filter(digests::contains);
      if (digest.isPresent() && file.path().isOrdinary()) { // Nothing is fetched under an odd name.
        places.putIfAbsent(digest.get(), new LfsPlace.File(commit, file.path(), file.sizeBytes()));
      }
    }
  }

  /** What is in no listing that was looked at: the files of older commits. */
  private void atTheHub(
      RepoId repo, List<LfsObjectId> missing, Caller caller, Map<Digest, LfsPlace> places) {
    if (missing.isEmpty()) {
      return;
    }
    checkOnline(repo, caller);
    Found<Set<Digest>> found;
    try (Share _ = misses.question(caller, Bucket.API, MirrorSettings.REVALIDATION, () -> {})) {
      found =
          asking
              .ask(
                  repo,
                  Asking.About.LARGE_FILES,
                  caller,
                  MirrorSettings.FIRST_ANSWER,
                  (credential, left) ->
                      upstream.lfs(repo, missing, credential, left, caller.reserve()))
              .found();
    }
    if (found instanceof Found.Here<Set<Digest>>(Set<Digest> there)) {
      missing.stream()
          .filter(object -> there.contains(object.digest()))
          .forEach(
              object -> places.put(object.digest(), new LfsPlace.Nameless(object.sizeBytes())));
    }
  }

  /** The bytes of what {@link #find} called nameless. */
  Found<Passed> open(RepoId repo, LfsObjectId object, Caller caller) {
    checkOnline(repo, caller);
    return passThrough.inSlot(caller, () -> openNow(repo, object, caller));
  }

  private Found<Passed> openNow(RepoId repo, LfsObjectId object, Caller caller) {
    Found<Passed> found =
        asking
            .<Passed>ask(
                repo,
                Asking.About.LARGE_FILES,
                caller,
                MirrorSettings.FIRST_ANSWER,
                (credential, left) -> upstream.lfsObject(repo, object, credential, left))
            .found();
    return found instanceof Found.Here<Passed>(Passed passed)
        ? new Found.Here<>(licensing.over(repo, object, caller, passed))
        : found;
  }

  private void checkOnline(RepoId repo, Caller caller) {
    if (settings.offline() || caller.offline()) {
      throw new MirrorException.OfflineMiss(
          "Large files of %s that are at no known path only the hub has, and Larder is offline."
              .formatted(repo));
    }
  }
}
