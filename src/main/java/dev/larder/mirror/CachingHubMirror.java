package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree.ListedFile;
import dev.larder.mirror.Asking.Asked;
import dev.larder.mirror.EntryBytes.Rights;
import dev.larder.mirror.HubMemory.EntryKey;
import dev.larder.mirror.HubMemory.Standing;
import dev.larder.transfer.Flights;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.RemoteEntry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The mirror of one hub over one store.
 *
 * <p>A question goes through three steps: what commit is meant (ref), what the commit holds
 * (entry), where the bytes are (blob, tree, flight). Each is answered from memory while it is
 * fresh, else by one HEAD to the hub which answers all three, else, when the hub cannot be asked,
 * from what was written down.
 *
 * <p>Closed before its rooms: it stops hashing what lies in the tree. Whoever waits for that, or
 * asks for it later, gets {@link dev.larder.transfer.TransferException.Interrupted}.
 */
public final class CachingHubMirror implements HubMirror, AutoCloseable {
  private final HubUpstream upstream;
  private final MirrorSettings settings;
  private final InstantSource clock;
  private final HubMemory memory;
  private final LocalFiles files;
  private final Publishing publishing;
  private final Asking asking;
  private final EntryBytes bytes;
  private final WithoutHub withoutHub;
  private final Fresh fresh;
  private final Documents documents;
  private final Traffic traffic;
  private final Shared<HeadKey, Asked<RemoteEntry>> heads = new Shared<>();

  private record HeadKey(RepoId repo, Revision revision, EntryPath path, String scope) {}

  public CachingHubMirror(
      HubUpstream upstream,
      MirrorRooms rooms,
      Flights flights,
      MirrorSettings settings,
      InstantSource clock) {
    this.upstream = upstream;
    this.settings = settings;
    this.clock = clock;
    this.memory = new HubMemory();
    this.files = new LocalFiles(rooms.store(), rooms.catalog(), rooms.tree());
    Recollection recollection = new Recollection(memory, files);
    this.asking = new Asking(memory, rooms.catalog(), settings, clock);
    this.publishing = new Publishing(files, memory, asking, rooms.catalog(), rooms.tree(), clock);
    this.traffic = rooms.traffic();
    this.bytes = new EntryBytes(upstream, rooms, flights, memory, files, publishing);
    this.withoutHub = new WithoutHub(asking, recollection, bytes);
    this.fresh = new Fresh(memory, files, recollection, asking, bytes, settings, clock);
    this.documents = new Documents(upstream, asking, memory, publishing, rooms, settings, clock);
  }

  @Override
  public @Nullable Answer peek(EntryRequest request) {
    return fresh.peek(request);
  }

  @Override
  public Answer open(EntryRequest request) {
    return open(request, Deadline.after(settings.patience()));
  }

  /** As {@link #open}, with the first byte due by {@code firstByte}, or by no time at all. */
  Answer open(EntryRequest request, Deadline firstByte) {
    return files.atOneLook(() -> openNow(request, firstByte));
  }

  private Answer openNow(EntryRequest request, Deadline firstByte) {
    if (settings.offline() || request.caller().offline()) {
      return offline(request, firstByte);
    }
    Answer known = fresh.answer(request, firstByte);
    if (known == null && asking.seemsAway()) {
      known = withoutHub.answer(request, CacheState.STALE, firstByte);
    }
    return withoutHub.orOlder(request, known == null ? ask(request, firstByte) : known, firstByte);
  }

  private Answer offline(EntryRequest request, Deadline firstByte) {
    Answer answer = withoutHub.answer(request, CacheState.HIT, firstByte);
    if (answer != null) {
      return answer;
    }
    throw new MirrorException.OfflineMiss(
        "%s of %s at %s is not cached, and Larder is offline; bring it in with upstream access first."
            .formatted(request.path(), request.repo(), request.revision()));
  }

  /**
   * One HEAD tells commit, identity and rights at once. When the hub cannot be asked, what is
   * cached is answered.
   */
  private Answer ask(EntryRequest request, Deadline firstByte) {
    Asked<RemoteEntry> asked;
    try {
      asked = head(request, firstByte);
    } catch (UpstreamException e) {
      Answer stale = withoutHub.answer(request, CacheState.STALE, firstByte);
      if (stale != null) {
        return stale;
      }
      throw e;
    }
    return switch (asked.found()) {
      case Found.Here<RemoteEntry>(RemoteEntry entry) -> found(request, asked, entry, firstByte);
      case Found.Not<RemoteEntry>(Found.Refusal reason) -> refused(request, asked, reason);
    };
  }

  private Asked<RemoteEntry> head(EntryRequest request, Deadline firstByte) {
    Duration most =
        withoutHub.hasBytes(request, firstByte)
            ? MirrorSettings.REVALIDATION
            : MirrorSettings.FIRST_ANSWER;
    HeadKey key =
        new HeadKey(
            request.repo(),
            request.revision(),
            request.path(),
            request.caller().credential().scope());
    return heads.get(
        key,
        () ->
            asking.ask(
                request.repo(),
                Asking.About.FILE,
                request.caller(),
                firstByte.atMost(most).remaining(),
                (credential, left) ->
                    upstream.head(
                        request.repo(), request.revision(), request.path(), credential, left)));
  }

  private Answer found(
      EntryRequest request, Asked<RemoteEntry> asked, RemoteEntry entry, Deadline firstByte) {
    EntryHead head =
        new EntryHead(
            entry.commit(),
            request.path(),
            entry.identity(),
            entry.identity().map(Identity::hex).orElse(entry.validator()),
            entry.sizeBytes(),
            entry.lfs());
    boolean inTree = !asked.restricted() || settings.ownTree();
    Rights rights = new Rights(asked.scope(), asked.credential(), inTree, entry.location());
    if (asked.restricted()) {
      asking.rememberRestricted(request.repo());
    }
    if (!asked.restricted()) {
      learn(request, head, entry);
    }
    Answer answer = bytes.serve(request, head, rights, firstByte);
    return answer == null ? bytes.pass(request, head, rights, firstByte) : answer;
  }

  /** Remembers what is true for everybody. */
  private void learn(EntryRequest request, EntryHead head, RemoteEntry entry) {
    learnRef(request.repo(), request.revision(), head.commit());
    EntryKey key = new EntryKey(request.repo(), head.commit(), request.path());
    if (head.identity().isPresent() && head.sizeBytes() >= 0 && memory.entry(key) == null) {
      memory.learn(key, new KnownEntry.Present(head, null));
    }
    if (request.headOnly()) {
      entry.location().ifPresent(location -> memory.learnLocation(key, location));
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
      publishing.refs().moveOn(request.repo(), request.revision(), reason.commit().get());
    }
    traffic.refused();
    return new Answer.Refused(reason, CacheState.MISS);
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
    boolean _ = publishing.listing(repo, commit, listed, inTree);
    publishing.refs().writeOfPull(repo, revision, commit, inTree);
  }

  @Override
  public DocumentAnswer document(DocumentRequest request, Caller caller) {
    return documents.answer(request, caller);
  }

  @Override
  public void close() {
    files.close();
  }
}
