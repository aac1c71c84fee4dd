package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.mirror.Asking.Asked;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.KnownRef;
import dev.larder.mirror.HubMemory.RepoMemory;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.store.BlobLease;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import dev.larder.transfer.FlightKey;
import dev.larder.transfer.FlightOrder;
import dev.larder.transfer.FlightReader;
import dev.larder.transfer.Flights;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.RemoteEntry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The mirror of one hub over one store.
 *
 * <p>A question goes through three steps: what commit is meant (ref), what the commit holds
 * (entry), where the bytes are (blob, tree, flight). Each is answered from memory while it is
 * fresh, else by one HEAD to the hub which answers all three, else, when the hub cannot be asked,
 * from what was written down.
 */
public final class CachingHubMirror implements HubMirror {
  private static final Logger LOG = LoggerFactory.getLogger(CachingHubMirror.class);

  private final HubUpstream upstream;
  private final BlobStore store;
  private final Flights flights;
  private final MirrorSettings settings;
  private final InstantSource clock;
  private final HubMemory memory;
  private final LocalFiles files;
  private final Recollection recollection;
  private final Publishing publishing;
  private final Asking asking;
  private final Documents documents;
  private final Traffic traffic;
  private final Shared<HeadKey, Asked<RemoteEntry>> heads = new Shared<>();

  private record HeadKey(
      RepoId repo, Revision revision, dev.larder.content.EntryPath path, String scope) {}

  public CachingHubMirror(
      HubUpstream upstream,
      MirrorRooms rooms,
      Flights flights,
      MirrorSettings settings,
      InstantSource clock) {
    this.upstream = upstream;
    this.store = rooms.store();
    this.flights = flights;
    this.settings = settings;
    this.clock = clock;
    this.memory = new HubMemory();
    this.files = new LocalFiles(rooms.store(), rooms.catalog(), rooms.tree());
    this.recollection = new Recollection(memory, files);
    this.publishing = new Publishing(files, memory, rooms.catalog(), rooms.tree(), clock);
    this.asking = new Asking(memory, rooms.catalog(), settings, clock);
    this.traffic = rooms.traffic();
    this.documents = new Documents(upstream, asking, memory, publishing, rooms, settings, clock);
  }

  @Override
  public @Nullable Answer peek(EntryRequest request) {
    RepoMemory repo = memory.find(request.repo());
    if (repo == null || !repo.access().publicAt(clock.instant(), settings.accessTtl())) {
      return null;
    }
    Commit commit = freshCommit(repo, request.revision());
    if (commit == null) {
      return null;
    }
    return switch (memory.entry(new EntryKey(request.repo(), commit, request.path()))) {
      case null -> null;
      case KnownEntry.Absent absent -> freshAbsence(request, absent);
      case KnownEntry.Present(EntryHead head, Digest digest) -> peekBlob(request, head, digest);
    };
  }

  private @Nullable Answer freshAbsence(EntryRequest request, KnownEntry.Absent absent) {
    boolean trusted =
        request.revision().commit().isPresent()
            || clock.instant().isBefore(absent.at().plus(settings.negativeTtl()));
    return trusted ? new Answer.Refused(absent.refusal(), CacheState.HIT) : null;
  }

  private @Nullable Answer peekBlob(EntryRequest request, EntryHead head, @Nullable Digest digest) {
    return digest == null ? null : ready(request, head, digest, CacheState.HIT, store::tryLease);
  }

  private @Nullable Commit freshCommit(RepoMemory repo, Revision revision) {
    Optional<Commit> named = revision.commit();
    if (named.isPresent()) {
      return named.get();
    }
    KnownRef ref = repo.ref(revision);
    return ref != null && ref.freshAt(clock.instant(), settings.refTtl()) ? ref.commit() : null;
  }

  /** The answer from a blob that is here; null when it is not, or was found damaged just now. */
  private @Nullable Answer ready(
      EntryRequest request, EntryHead head, Digest digest, CacheState state) {
    return ready(request, head, digest, state, store::lease);
  }

  private @Nullable Answer ready(
      EntryRequest request,
      EntryHead head,
      Digest digest,
      CacheState state,
      Function<Digest, Optional<BlobLease>> leasing) {
    if (request.headOnly()) {
      if (!(store.find(digest) instanceof Lookup.Present)) {
        return null;
      }
      traffic.hit(request.repo());
      return new Answer.Described(head, state);
    }
    Optional<ByteRange> range = request.range().in(head.sizeBytes());
    if (range.isEmpty()) {
      return new Answer.OutOfRange(head);
    }
    Optional<BlobLease> lease = leasing.apply(digest);
    if (lease.isEmpty()) {
      return null;
    }
    traffic.hit(request.repo());
    traffic.used(request.repo(), digest);
    return new Answer.Ready(head, state, lease.get(), traffic.served(request.repo()));
  }

  @Override
  public Answer open(EntryRequest request) {
    if (settings.offline() || request.caller().offline()) {
      return offline(request);
    }
    Answer fresh = fresh(request);
    if (fresh != null) {
      return fresh;
    }
    if (asking.seemsAway()) {
      Answer stale = remembered(request, CacheState.STALE);
      if (stale != null) {
        return stale;
      }
    }
    return ask(request);
  }

  private Answer offline(EntryRequest request) {
    Answer answer = remembered(request, CacheState.HIT);
    if (answer != null) {
      return answer;
    }
    throw new MirrorException.OfflineMiss(
        "%s of %s at %s is not cached, and Larder is offline; bring it in with upstream access first."
            .formatted(request.path(), request.repo(), request.revision()));
  }

  /** Without asking the hub, when everything is known and young enough. */
  private @Nullable Answer fresh(EntryRequest request) {
    if (!asking.access(request.repo()).publicAt(clock.instant(), settings.accessTtl())) {
      return null;
    }
    RepoMemory repo = memory.of(request.repo());
    if (request.revision().commit().isEmpty() && repo.ref(request.revision()) == null) {
      files
          .ref(request.repo(), request.revision())
          .ifPresent(ref -> repo.learnRef(request.revision(), ref));
    }
    Commit commit = freshCommit(repo, request.revision());
    if (commit == null) {
      return null;
    }
    EntryKey key = new EntryKey(request.repo(), commit, request.path());
    KnownEntry known = recollection.recall(key);
    return switch (known) {
      case null -> null;
      case KnownEntry.Absent absent -> freshAbsence(request, absent);
      case KnownEntry.Present(EntryHead head, _) ->
          serve(request, head, new Rights(Asking.EVERYBODY, settings.site(), true));
    };
  }

  /**
   * One HEAD tells commit, identity and rights at once. When the hub cannot be asked, what is
   * cached is answered.
   */
  private Answer ask(EntryRequest request) {
    boolean cached = remembersBytes(request);
    Duration budget = cached ? MirrorSettings.REVALIDATION : MirrorSettings.FIRST_ANSWER;
    Asked<RemoteEntry> asked;
    try {
      asked =
          heads.get(
              new HeadKey(
                  request.repo(),
                  request.revision(),
                  request.path(),
                  request.caller().credential().scope()),
              () ->
                  asking.ask(
                      request.repo(),
                      Asking.About.FILE,
                      request.caller(),
                      budget,
                      (credential, left) ->
                          upstream.head(
                              request.repo(),
                              request.revision(),
                              request.path(),
                              credential,
                              left)));
    } catch (UpstreamException e) {
      Answer stale = remembered(request, CacheState.STALE);
      if (stale != null) {
        return stale;
      }
      throw e;
    }
    return switch (asked.found()) {
      case Found.Here<RemoteEntry>(RemoteEntry entry) -> found(request, asked, entry);
      case Found.Not<RemoteEntry>(Found.Refusal reason) -> refused(request, asked, reason);
    };
  }

  private Answer found(EntryRequest request, Asked<RemoteEntry> asked, RemoteEntry entry) {
    EntryHead head =
        new EntryHead(
            entry.commit(),
            request.path(),
            entry.identity(),
            entry.identity().map(Identity::hex).orElse(entry.validator()),
            entry.sizeBytes(),
            entry.lfs());
    boolean inTree = !asked.restricted() || settings.ownTree();
    Rights rights = new Rights(asked.scope(), asked.credential(), inTree);
    if (asked.restricted()) {
      asking.rememberRestricted(request.repo());
    }
    if (!asked.restricted()) {
      learn(request, head);
    }
    Answer answer = serve(request, head, rights);
    return answer == null ? pass(request, head, rights) : answer;
  }

  /** Remembers what is true for everybody. */
  private void learn(EntryRequest request, EntryHead head) {
    learnRef(request.repo(), request.revision(), head.commit());
    EntryKey key = new EntryKey(request.repo(), head.commit(), request.path());
    if (head.identity().isPresent() && head.sizeBytes() >= 0 && memory.entry(key) == null) {
      memory.learn(key, new KnownEntry.Present(head, null));
    }
  }

  void learnRef(RepoId repo, Revision revision, Commit commit) {
    if (revision.commit().isEmpty()) {
      memory.of(repo).confirmRef(revision, commit, clock.instant());
    }
  }

  private Answer refused(EntryRequest request, Asked<RemoteEntry> asked, Found.Refusal reason) {
    if (!asked.restricted()
        && reason.code().equals(Found.Refusal.NO_ENTRY)
        && reason.commit().isPresent()) {
      learnRef(request.repo(), request.revision(), reason.commit().get());
      publishing.absent(new EntryKey(request.repo(), reason.commit().get(), request.path()), true);
      publishing.moveOn(request.repo(), request.revision(), reason.commit().get());
    }
    traffic.refused();
    return new Answer.Refused(reason, CacheState.MISS);
  }

  /**
   * With whose rights bytes are fetched, who may share them, and whether they may appear in the
   * shared tree.
   */
  private record Rights(String scope, dev.larder.upstream.Credential credential, boolean inTree) {}

  /**
   * From the blob when it is here, else from a flight. Null when the file cannot be verified and so
   * cannot be kept.
   */
  private @Nullable Answer serve(EntryRequest request, EntryHead head, Rights rights) {
    if (head.identity().isEmpty() || head.sizeBytes() < 0) {
      return null;
    }
    Identity identity = head.identity().get();
    EntryKey key = new EntryKey(request.repo(), head.commit(), request.path());
    Optional<Digest> digest = files.locate(key, identity);
    if (digest.isPresent()) {
      Answer ready = ready(request, head, digest.get(), CacheState.HIT);
      if (ready != null) {
        keep(request, key, head, digest.get(), rights);
        return ready;
      }
    }
    if (head.sizeBytes() == 0) {
      return empty(request, head, key, rights);
    }
    if (request.headOnly()) {
      return new Answer.Described(head, CacheState.MISS);
    }
    return fly(request, head, key, rights);
  }

  /** A blob that was here already may be new to this repo, this commit or this branch. */
  private void keep(
      EntryRequest request, EntryKey key, EntryHead head, Digest digest, Rights rights) {
    try {
      if (!(memory.entry(key) instanceof KnownEntry.Present(_, Digest known)) || known == null) {
        publishing.published(
            key, head.identity().orElseThrow(), head.sizeBytes(), digest, rights.inTree());
      }
      publishing.commitTouched(request.repo(), head.commit(), rights.inTree());
      publishing.ref(request.repo(), request.revision(), head.commit(), rights.inTree());
    } catch (LarderException e) {
      // The bytes are here and sound: what cannot be written down now is no reason to refuse them.
      LOG.atWarn()
          .addKeyValue("repo", request.repo())
          .addKeyValue("code", e.code())
          .log("a hit could not be written down: {}", e.explanation());
    }
  }

  /**
   * An empty file is made here at once: clients that learn its size from HEAD never ask for its
   * bytes, and its place in the tree would stay empty.
   */
  private @Nullable Answer empty(
      EntryRequest request, EntryHead head, EntryKey key, Rights rights) {
    FlightOrder order = order(request, head, key, rights);
    try (FlightReader reader = flights.open(order, RangeRequest.WHOLE, ByteRange.whole(0))) {
      reader.awaitPublished(_ -> {});
    }
    Optional<Digest> digest = files.locate(key, order.expected());
    return digest.isEmpty() ? null : ready(request, head, digest.get(), CacheState.MISS);
  }

  private Answer fly(EntryRequest request, EntryHead head, EntryKey key, Rights rights) {
    Optional<ByteRange> range = request.range().in(head.sizeBytes());
    if (range.isEmpty()) {
      return new Answer.OutOfRange(head);
    }
    FlightReader reader =
        flights.open(order(request, head, key, rights), request.range(), range.get());
    traffic.miss(request.repo());
    return new Answer.Arriving(
        head,
        reader.joined() ? CacheState.JOINED : CacheState.MISS,
        reader,
        traffic.served(request.repo()));
  }

  private FlightOrder order(EntryRequest request, EntryHead head, EntryKey key, Rights rights) {
    Identity identity = head.identity().orElseThrow();
    boolean ofAPull = publishing.held(request.repo(), head.commit());
    return new FlightOrder(
        flightKey(request.repo(), identity, rights.scope()),
        identity,
        head.sizeBytes(),
        traffic.counting(
            request.repo(),
            upstream.content(request.repo(), head.commit(), request.path(), rights.credential())),
        digest -> {
          publishing.published(key, identity, head.sizeBytes(), digest, rights.inTree());
          if (!ofAPull) { // It may end after a pull that failed.
            publishing.commitTouched(request.repo(), head.commit(), rights.inTree());
          }
          publishing.ref(request.repo(), request.revision(), head.commit(), rights.inTree());
        });
  }

  private FlightKey flightKey(RepoId repo, Identity identity, String scope) {
    return new FlightKey(upstream.origin(), repo + "@" + identity.hex(), scope);
  }

  private Answer pass(EntryRequest request, EntryHead head, Rights rights) {
    if (request.headOnly()) {
      return new Answer.Described(head, CacheState.BYPASS);
    }
    ByteRange range =
        request.range() == RangeRequest.WHOLE
            ? null
            : request.range().in(head.sizeBytes()).orElse(null);
    RemoteContent content =
        upstream.content(request.repo(), head.commit(), request.path(), rights.credential());
    RemoteContent.Body body = traffic.counting(request.repo(), content).open(range, null);
    traffic.miss(request.repo());
    return new Answer.Passing(head, body, traffic.served(request.repo()));
  }

  private boolean remembersBytes(EntryRequest request) {
    return asking.mayServeUnasked(request.repo()) && recollection.entry(request).isPresent();
  }

  /** What can be answered without the hub; null when nothing can, or may. */
  private @Nullable Answer remembered(EntryRequest request, CacheState state) {
    if (!asking.mayServeUnasked(request.repo())) {
      return null;
    }
    Optional<Recollection.Remembered> entry = recollection.entry(request);
    if (entry.isPresent()) {
      Answer answer = ready(request, entry.get().head(), entry.get().digest(), state);
      if (answer != null) {
        return answer;
      }
    }
    Answer arriving = underWay(request, state);
    return arriving != null ? arriving : recollection.absence(request, state);
  }

  /** What is being fetched already is as good as what is cached. */
  private @Nullable Answer underWay(EntryRequest request, CacheState state) {
    EntryHead head = recollection.newest(request).orElse(null);
    if (head == null || head.identity().isEmpty()) {
      return null;
    }
    Optional<ByteRange> range = request.range().in(head.sizeBytes());
    if (range.isEmpty()) {
      return new Answer.OutOfRange(head);
    }
    FlightKey key = flightKey(request.repo(), head.identity().get(), Asking.EVERYBODY);
    if (request.headOnly()) {
      return flights.carries(key) ? new Answer.Described(head, state) : null;
    }
    return flights
        .join(key, request.range(), range.get())
        .map(reader -> joined(request, head, state, reader))
        .orElse(null);
  }

  private Answer joined(
      EntryRequest request, EntryHead head, CacheState state, FlightReader reader) {
    traffic.miss(request.repo());
    return new Answer.Arriving(head, state, reader, traffic.served(request.repo()));
  }

  /** Remembers what a listing of a commit says, so that its files need no HEAD each. */
  void learnListing(RepoId repo, Commit commit, List<ListedFile> listed) {
    for (ListedFile file : listed) {
      EntryKey key = new EntryKey(repo, commit, file.path());
      if (memory.entry(key) == null) {
        EntryHead head =
            LocalFiles.head(key, file.identity(), file.sizeBytes(), file.lfsSha256().isPresent());
        memory.learn(key, new KnownEntry.Present(head, null));
      }
    }
  }

  /** Whether a listed file's bytes are in the store, or lie in the tree to be verified. */
  boolean holds(RepoId repo, Commit commit, ListedFile file) {
    return files.holds(new EntryKey(repo, commit, file.path()), file.identity());
  }

  /** Whether restricted repos appear in the tree too. */
  boolean ownsTree() {
    return settings.ownTree();
  }

  /** Whether anonymous callers were given files of the repo lately. */
  boolean isPublic(RepoId repo) {
    return asking.access(repo).publicAt(clock.instant(), settings.accessTtl());
  }

  /** Whether files of the repo were refused to anonymous callers when they were last asked for. */
  boolean isRestricted(RepoId repo) {
    return asking.access(repo).standing() == Standing.RESTRICTED;
  }

  /**
   * Until it is closed, listing and refs of {@code commit} are written by {@link #completed} only.
   */
  Publishing.Held pulling(RepoId repo, Commit commit) {
    return publishing.hold(repo, commit);
  }

  /** All that was asked of a snapshot is here: writes its listing, and the ref last. */
  void completed(RepoId repo, Revision revision, Commit commit, List<ListedFile> listed) {
    boolean inTree = settings.ownTree() || asking.mayServeUnasked(repo);
    publishing.listing(repo, commit, listed, inTree);
    publishing.refOfPull(repo, revision, commit, inTree);
  }

  @Override
  public DocumentAnswer document(DocumentRequest request, Caller caller) {
    return documents.answer(request, caller);
  }
}
