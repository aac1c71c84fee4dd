package dev.larder.mirror;

import dev.larder.content.ByteRange;
import dev.larder.content.Digest;
import dev.larder.content.Identity;
import dev.larder.content.LarderException;
import dev.larder.content.RangeRequest;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.EntryRequest.Keeping;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.store.BlobLease;
import dev.larder.store.BlobStore;
import dev.larder.store.Lookup;
import dev.larder.store.StoreException;
import dev.larder.transfer.FlightKey;
import dev.larder.transfer.FlightOrder;
import dev.larder.transfer.FlightReader;
import dev.larder.transfer.Flights;
import dev.larder.upstream.Credential;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.Location;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the bytes of an entry come from once it is known what they are and who may have them: from
 * the store, else from a flight, else past the store. Safe for concurrent use.
 */
final class EntryBytes {
  private static final Logger LOG = LoggerFactory.getLogger(EntryBytes.class);

  private final HubUpstream upstream;
  private final BlobStore store;
  private final Flights flights;
  private final Departures departures;
  private final Bypass bypass;
  private final WantOfRoom wantOfRoom;
  private final HubMemory memory;
  private final LocalFiles files;
  private final Publishing publishing;
  private final Traffic traffic;

  EntryBytes(
      HubUpstream upstream,
      MirrorRooms rooms,
      Flights flights,
      Departures departures,
      Bypass bypass,
      HubMemory memory,
      LocalFiles files,
      Publishing publishing) {
    this.upstream = upstream;
    this.store = rooms.store();
    this.flights = flights;
    this.departures = departures;
    this.bypass = bypass;
    this.wantOfRoom = new WantOfRoom(rooms.store());
    this.memory = memory;
    this.files = files;
    this.publishing = publishing;
    this.traffic = rooms.traffic();
  }

  /**
   * With whose rights bytes are fetched, who may share them, and whether they may appear in the
   * shared tree. {@code location}: where the hub told this request that they lie. {@code tenure}:
   * the one in which what comes of it may be kept, see {@link Tenures}.
   */
  record Rights(
      String scope,
      Credential credential,
      boolean inTree,
      Optional<Location> location,
      long tenure) {
    Rights from(Optional<Location> where) {
      return new Rights(scope, credential, inTree, where, tenure);
    }
  }

  /** As {@link #ready}, for an event loop: null also when it would have to wait. */
  @Nullable Answer readyAtOnce(EntryRequest request, EntryHead head, Digest digest) {
    return ready(request, head, digest, CacheState.HIT, store::tryLease);
  }

  /** The answer from a blob that is here; null when it is not, or was found damaged just now. */
  @Nullable Answer ready(EntryRequest request, EntryHead head, Digest digest, CacheState state) {
    return ready(request, head, digest, state, store::lease);
  }

  private @Nullable Answer ready(
      EntryRequest conditional,
      EntryHead head,
      Digest digest,
      CacheState state,
      Function<Digest, Optional<BlobLease>> leasing) {
    EntryRequest request = conditional.judged(head);
    if (request.headOnly()) {
      if (!(store.find(digest) instanceof Lookup.Present)) {
        return null;
      }
      traffic.count(request, hitOr(state));
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
    traffic.count(request, hitOr(state));
    traffic.used(request.repo(), digest);
    return new Answer.Ready(head, state, lease.get(), traffic.served(request));
  }

  /** An empty file is made here, and is a miss to whoever asked; its bytes came from nowhere. */
  private static CacheState hitOr(CacheState state) {
    return state == CacheState.STALE ? CacheState.STALE : CacheState.HIT;
  }

  /**
   * From the blob when it is here, else from a flight whose first byte has to come by {@code
   * firstByte}, else, when there is no room for it, past the store. Null when the file cannot be
   * verified and so cannot be kept.
   */
  @Nullable Answer serve(
      EntryRequest conditional, EntryHead head, Rights rights, Deadline firstByte) {
    EntryRequest request = conditional.judged(head);
    try {
      return kept(request, head, rights, firstByte);
    } catch (LarderException e) {
      if (!StoreException.isWantOfRoom(e) || request.keeping() == Keeping.ALWAYS) {
        throw e;
      }
      wantOfRoom.met(e.explanation());
      return pass(request, head, rights, firstByte);
    }
  }

  private @Nullable Answer kept(
      EntryRequest request, EntryHead head, Rights rights, Deadline firstByte) {
    if (head.identity().isEmpty() || head.sizeBytes() < 0) {
      return null;
    }
    Identity identity = head.identity().get();
    EntryKey key = new EntryKey(request.repo(), head.commit(), request.path());
    Optional<Digest> digest = files.locate(key, identity, firstByte);
    if (digest.isPresent()) {
      Answer ready = ready(request, head, digest.get(), CacheState.HIT);
      if (ready != null) {
        keep(request, key, head, digest.get(), rights);
        return ready;
      }
    }
    if (request.keeping() == Keeping.NEVER) {
      wantOfRoom.met("a download of " + request.path() + " broke off");
      return pass(request, head, rights, firstByte);
    }
    if (head.sizeBytes() == 0) {
      return empty(request, head, key, rights, firstByte);
    }
    if (request.headOnly()) {
      return new Answer.Described(head, CacheState.MISS);
    }
    return fly(request, head, key, rights, firstByte);
  }

  /** A blob that was here already may be new to this repo, this commit or this branch. */
  private void keep(
      EntryRequest request, EntryKey key, EntryHead head, Digest digest, Rights rights) {
    try {
      boolean _ =
          memory
              .tenures()
              .during(
                  request.repo(),
                  rights.tenure(),
                  () -> keepNow(request, key, head, digest, mayAppear(request.repo(), rights)));
    } catch (LarderException e) {
      // The bytes are here and sound: what cannot be written down now is no reason to refuse them.
      LOG.atWarn()
          .addKeyValue("repo", request.repo())
          .addKeyValue("code", e.code())
          .log("a hit could not be written down: {}", e.explanation());
    }
  }

  private void keepNow(
      EntryRequest request, EntryKey key, EntryHead head, Digest digest, boolean inTree) {
    if (!(memory.entry(key) instanceof KnownEntry.Present(_, Digest known)) || known == null) {
      publishing.published(key, head.identity().orElseThrow(), head.sizeBytes(), digest, inTree);
    }
    publishing.commitTouched(request.repo(), head.commit(), inTree);
    publishing.refs().write(request.repo(), request.revision(), head.commit(), inTree);
  }

  /**
   * An empty file is made here at once: clients that learn its size from HEAD never ask for its
   * bytes, and its place in the tree would stay empty.
   */
  private @Nullable Answer empty(
      EntryRequest request, EntryHead head, EntryKey key, Rights rights, Deadline firstByte) {
    FlightOrder order = order(request, head, key, rights);
    try (FlightReader reader = flights.open(order, RangeRequest.WHOLE, ByteRange.whole(0))) {
      reader.awaitPublished(_ -> {});
    }
    Optional<Digest> digest = files.locate(key, order.expected(), firstByte);
    return digest.isEmpty() ? null : ready(request, head, digest.get(), CacheState.MISS);
  }

  private Answer fly(
      EntryRequest request, EntryHead head, EntryKey key, Rights rights, Deadline firstByte) {
    Optional<ByteRange> range = request.range().in(head.sizeBytes());
    if (range.isEmpty()) {
      return new Answer.OutOfRange(head);
    }
    FlightOrder order = order(request, head, key, rights);
    FlightReader reader =
        departures.open(order, request.range(), range.get(), request.caller(), firstByte);
    if (reader == null) {
      LOG.atDebug().addKeyValue("object", order.key()).log("its caller had enough stored today");
      return pass(request, head, rights, firstByte);
    }
    CacheState state = reader.joined() ? CacheState.JOINED : CacheState.MISS;
    traffic.count(request, state);
    return new Answer.Arriving(head, state, reader, traffic.served(request));
  }

  /** What a blob is written down as: files of the same bytes come by one flight. */
  private record Wanted(
      EntryKey key, Revision revision, boolean inTree, boolean ofAPull, long tenure) {}

  private FlightOrder order(EntryRequest request, EntryHead head, EntryKey key, Rights rights) {
    Identity identity = head.identity().orElseThrow();
    boolean ofAPull = publishing.held(request.repo(), head.commit());
    return new FlightOrder(
        flightKey(request.repo(), identity, rights.scope()),
        new Wanted(key, request.revision(), rights.inTree(), ofAPull, rights.tenure()),
        identity,
        head.sizeBytes(),
        traffic.counting(request, content(request, head, rights)),
        request.keeping() == Keeping.ALWAYS,
        digest -> {
          traffic.used(request.repo(), digest); // What came last is not what goes first.
          boolean kept =
              memory
                  .tenures()
                  .during(
                      request.repo(),
                      rights.tenure(),
                      () -> landed(request, key, head, digest, rights, ofAPull));
          if (!kept) {
            LOG.atInfo()
                .addKeyValue("repo", request.repo())
                .log("a download ended after the repo had changed; it is not written down");
          }
        },
        FlightOrder.Meter.NONE);
  }

  private void landed(
      EntryRequest request,
      EntryKey key,
      EntryHead head,
      Digest digest,
      Rights rights,
      boolean ofAPull) {
    boolean inTree = mayAppear(request.repo(), rights);
    publishing.published(key, head.identity().orElseThrow(), head.sizeBytes(), digest, inTree);
    if (!ofAPull) { // It may end after a pull that failed.
      publishing.commitTouched(request.repo(), head.commit(), inTree);
    }
    publishing.refs().write(request.repo(), request.revision(), head.commit(), inTree);
  }

  /** A repo may have been closed since the rights were found. */
  private boolean mayAppear(RepoId repo, Rights rights) {
    return rights.inTree() && publishing.mayAppear(repo);
  }

  private RemoteContent content(EntryRequest request, EntryHead head, Rights rights) {
    return upstream.content(
        request.repo(), head.commit(), request.path(), rights.credential(), rights.location());
  }

  private FlightKey flightKey(RepoId repo, Identity identity, String scope) {
    return new FlightKey(upstream.origin(), new FlightName(repo, identity).toString(), scope);
  }

  /**
   * Past the store: there is no hash to verify it by, no place for its name, or no room. The
   * upstream has to answer by {@code by}.
   */
  Answer pass(EntryRequest conditional, EntryHead head, Rights rights, Deadline by) {
    EntryRequest request = conditional.judged(head);
    if (request.headOnly()) {
      return new Answer.Described(head, CacheState.BYPASS);
    }
    RemoteContent content = traffic.counting(request, content(request, head, rights));
    Optional<RemoteContent.Body> body = bypass.open(request, head, content, by);
    if (body.isEmpty()) {
      return new Answer.OutOfRange(head);
    }
    traffic.count(request, CacheState.BYPASS);
    return new Answer.Passing(head, body.get(), traffic.served(request));
  }

  /** From the flight that fetches it for {@code scope} just now; null when there is none. */
  @Nullable Answer underWay(
      EntryRequest conditional,
      EntryHead head,
      String scope,
      CacheState state,
      Deadline firstByte) {
    EntryRequest request = conditional.judged(head);
    Optional<ByteRange> range = request.range().in(head.sizeBytes());
    if (range.isEmpty()) {
      return new Answer.OutOfRange(head);
    }
    FlightKey key = flightKey(request.repo(), head.identity().orElseThrow(), scope);
    if (request.headOnly()) {
      return flights.carries(key) ? new Answer.Described(head, state) : null;
    }
    return flights
        .join(key, request.range(), range.get(), firstByte)
        .map(reader -> joined(request, head, state, reader))
        .orElse(null);
  }

  private Answer joined(
      EntryRequest request, EntryHead head, CacheState state, FlightReader reader) {
    traffic.count(request, CacheState.JOINED);
    return new Answer.Arriving(head, state, reader, traffic.served(request));
  }
}
