package dev.larder.mirror;

import dev.larder.content.Commit;
import dev.larder.content.Identity;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.transfer.Flights;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.huggingface.DocumentRequest;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.HubUpstream;
import dev.larder.upstream.huggingface.LfsObjectId;
import dev.larder.upstream.huggingface.PassRequest;
import dev.larder.upstream.huggingface.Passed;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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
  private final Duration patience;
  private final Flights flights;
  private final LocalFiles files;
  private final Entitlements entitlements;
  private final Fresh fresh;
  private final EntryAnswers entries;
  private final Reasons reasons;
  private final Licensing licensing;
  private final BranchDocuments documents;
  private final PassThrough passThrough;
  private final LfsObjects lfs;
  private final Snapshots snapshots;
  private final Publishing publishing;
  private final Documents answers;

  public CachingHubMirror(
      HubUpstream upstream,
      MirrorRooms rooms,
      Flights flights,
      MirrorSettings settings,
      InstantSource clock) {
    this.patience = settings.patience();
    this.flights = flights;
    this.files = new LocalFiles(rooms.store(), rooms.catalog(), rooms.tree());
    this.entitlements = new Entitlements(rooms.access(), settings);
    HubMemory memory = new HubMemory();
    Asking asking = new Asking(memory, entitlements, rooms.catalog(), settings, clock);
    this.publishing = new Publishing(files, memory, asking, rooms.catalog(), rooms.tree(), clock);
    Misses misses = new Misses(upstream);
    WriteQuota quota = new WriteQuota(settings.callersBytes(), clock);
    Departures departures = new Departures(flights, misses, quota);
    EntryBytes bytes =
        new EntryBytes(
            upstream, rooms, flights, departures, new Bypass(misses), memory, files, publishing);
    KeptDocuments kept = new KeptDocuments(rooms.catalog(), memory);
    HeldCommits held = new HeldCommits(files, kept, rooms.catalog(), rooms.tree());
    Holders holders = new Holders(memory, rooms.catalog());
    ToldCommits told = new ToldCommits(memory, files, kept, held, holders);
    Branches branches =
        new Branches(
            memory,
            files,
            kept,
            told,
            new RefMoves(kept, settings.immutableTags()),
            settings.refTtl(),
            clock);
    Unasked unasked = new Unasked(memory, branches, told, held, settings.offline());
    Recollection recollection = new Recollection(memory, files, held, unasked);
    this.fresh =
        new Fresh(memory, branches, recollection, asking, entitlements, bytes, settings, clock);
    this.entries =
        new EntryAnswers(
            upstream,
            settings,
            files,
            asking,
            branches,
            fresh,
            new EntryQuestions(upstream, asking, misses, memory, branches),
            new FromHub(
                memory,
                publishing,
                entitlements,
                asking,
                bytes,
                new Contradictions(recollection, files, bytes),
                rooms.traffic()),
            new WithoutHub(asking, recollection, bytes),
            holders);
    this.reasons = new Reasons(memory, files, asking, rooms.traffic().decisions());
    Deductions deductions =
        new Deductions(kept, new TreeDocuments(rooms.tree()), recollection::refs);
    this.answers =
        new Documents(
            upstream,
            asking,
            misses,
            entitlements,
            memory,
            publishing,
            kept,
            deductions,
            holders,
            new NewHolders(holders, rooms.catalog(), asking, publishing, kept, rooms.tree()),
            branches,
            settings,
            clock);
    this.documents = new BranchDocuments(answers, branches, recollection, settings);
    this.licensing = new Licensing(upstream, asking, entitlements, settings, clock);
    this.passThrough = new PassThrough(upstream, rooms.traffic(), settings);
    this.lfs =
        new LfsObjects(
            upstream,
            rooms.catalog(),
            asking,
            misses,
            answers,
            passThrough,
            licensing,
            settings,
            clock);
    this.snapshots = new Snapshots(memory, files, asking, publishing, settings, clock);
    asking.tell(new StandingTurns(entitlements, publishing, answers));
  }

  @Override
  public @Nullable Answer peek(EntryRequest request) {
    Answer answer = fresh.peek(request);
    return answer == null ? null : licensing.over(request, answer);
  }

  @Override
  public Answer open(EntryRequest request) {
    return licensing.over(request, open(request, Deadline.after(patience)));
  }

  /** As {@link #open}, with the first byte due by {@code firstByte}, or by no time at all. */
  Answer open(EntryRequest request, Deadline firstByte) {
    return reasons.noting(request, () -> entries.open(request, firstByte));
  }

  /** Snapshots that pulls are bringing just now: part of them may be here. */
  public Set<Pulling> pulling() {
    return publishing.pulling();
  }

  /** What is being fetched just now, by whomever. */
  public List<Coming> coming() {
    return flights.report().stream().map(Coming::of).toList();
  }

  /** Bytes on their way: how much of how much is here. */
  public record Coming(RepoId repo, Identity identity, long landedBytes, long sizeBytes) {
    private static Coming of(Flights.FlightReport flight) {
      FlightName named = FlightName.read(flight.key().object());
      return new Coming(named.repo(), named.identity(), flight.landedBytes(), flight.sizeBytes());
    }
  }

  /** A snapshot on its way. */
  public record Pulling(RepoId repo, Commit commit) {}

  /** What a pull needs beside {@link #open} and {@link #document}. */
  Snapshots snapshots() {
    return snapshots;
  }

  /** Files or refs of the repo came here by another way than through this mirror. */
  public void cameIn(RepoId repo) {
    snapshots.cameIn(repo);
  }

  @Override
  public DocumentAnswer document(DocumentRequest request, Caller caller) {
    Optional<String> name =
        request instanceof DocumentRequest.WhoAmI ? entitlements.nameOf(caller) : Optional.empty();
    return name.map(WhoIs::named)
        .orElseGet(() -> reasons.noting(request, caller, () -> documents.answer(request, caller)));
  }

  @Override
  public Found<Passed> pass(Supplier<PassRequest> request, Caller caller) {
    return passThrough.ask(request, caller);
  }

  @Override
  public LfsAnswer lfs(
      RepoId repo, Optional<Revision> at, List<LfsObjectId> objects, Caller caller) {
    return lfs.find(repo, at, objects, caller);
  }

  @Override
  public Found<Passed> lfsObject(RepoId repo, LfsObjectId object, Caller caller) {
    return lfs.open(repo, object, caller);
  }

  /** Does {@code removal} while nothing is put into the repo's folder here. */
  public void alone(RepoId repo, Runnable removal) {
    publishing.alone(repo, removal);
  }

  /** Whether a pull is bringing this commit of the repo, or any of it. */
  public boolean isComing(RepoId repo, Optional<Commit> commit) {
    return publishing.isComing(repo, commit);
  }

  /**
   * Something was removed from the repo's folder: what memory has of its refs and files is dropped,
   * what is written down of them counts.
   */
  public void forgetMemory(RepoId repo) {
    files.forgetRows(repo);
    publishing.forgetMemory(repo);
    answers.forget(repo);
  }

  @Override
  public void close() {
    files.close();
  }
}
