package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import dev.larder.content.Digest;
import dev.larder.content.EntryPath;
import dev.larder.content.RepoId;
import dev.larder.content.Reserve;
import dev.larder.content.Revision;
import dev.larder.upstream.Cidr;
import dev.larder.upstream.Credential;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.EgressGuard;
import dev.larder.upstream.Origin;
import dev.larder.upstream.RateLimits;
import dev.larder.upstream.Redirects;
import dev.larder.upstream.RemoteContent;
import dev.larder.upstream.RetryAfter;
import dev.larder.upstream.Retrying;
import dev.larder.upstream.Subject;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.Wire;
import dev.larder.upstream.WireRequest;
import dev.larder.upstream.WireResponse;
import dev.larder.upstream.WireSettings;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A hub behind the wire. Owns its connections: close it. */
public final class HubClient implements HubUpstream, AutoCloseable {
  private final Origin origin;
  private final HubAddresses addresses;
  private final Wire wire;
  private final RateLimits limits;
  private final Redirects redirects;
  private final InstantSource clock;
  private final Retrying retrying;

  /** For what is asked beside files: a broken search does not mean that the hub is away. */
  private final Retrying aside;

  private final HubDocuments documents;
  private final HubPass pass;
  private final HubLfs lfs;

  /** {@code base} may have a path; {@code wire} was made for the same upstream. */
  public HubClient(URI base, Wire wire, InstantSource clock) {
    this.origin = Origin.of(base);
    this.addresses = HubAddresses.below(base);
    this.wire = wire;
    this.limits = new RateLimits(origin, addresses::bucket, clock);
    this.redirects = new Redirects(wire, origin, limits);
    this.clock = clock;
    this.retrying = new Retrying(origin, wire.settings().retryPause());
    this.aside = retrying.withoutJudging();
    this.documents = new HubDocuments(addresses, redirects, clock);
    this.pass = new HubPass(addresses, redirects, origin, clock);
    this.lfs = new HubLfs(addresses, redirects, wire.guard(), origin, clock);
  }

  /** With a wire of its own, guarded for {@code base}. */
  public static HubClient of(
      URI base,
      List<Cidr> allowPrivate,
      WireSettings settings,
      Throttle throttle,
      InstantSource clock) {
    EgressGuard guard = new EgressGuard(Origin.of(base), allowPrivate);
    return new HubClient(base, new Wire(guard, settings, throttle), clock);
  }

  @Override
  public String origin() {
    return origin.toString();
  }

  @Override
  public boolean rests(Bucket bucket) {
    return limits.rests(bucket.word());
  }

  @Override
  public boolean scarce(Bucket bucket) {
    return limits.scarce(bucket.word());
  }

  /** What the hub said of its limits, and the clock that all who ask it share. */
  public List<RateLimits.Standing> limits() {
    return limits.standing();
  }

  @Override
  public Found<RemoteEntry> head(
      RepoId repo, Revision revision, EntryPath path, Credential credential, Duration budget) {
    URI address = addresses.file(repo, "resolve", revision.name(), path.value());
    WireRequest request = WireRequest.head(address, what(repo, revision.name(), path));
    return retrying.within(
        new Subject(repo.toString(), request.what()),
        budget,
        deadline -> {
          Trail trail = new Trail();
          return switch (headOnce(request, revision, credential, trail, deadline)) {
            case Found.Not<RemoteEntry> not -> not;
            case Found.Here<RemoteEntry>(RemoteEntry entry) ->
                new Found.Here<>(
                    trail
                        .elsewhere()
                        .map(to -> new Location(file(repo, entry.commit(), path), credential, to))
                        .map(entry::at)
                        .orElse(entry));
          };
        });
  }

  private Found<RemoteEntry> headOnce(
      WireRequest request,
      Revision revision,
      Credential credential,
      Trail trail,
      Deadline deadline) {
    try (var landing = redirects.follow(request, credential, deadline, trail)) {
      WireResponse response = landing.response();
      if (response.busy()) {
        throw RetryAfter.busy(request.what(), response, clock);
      }
      if (HubAnswers.refusal(response)) {
        if (response.origin().equals(origin) || HubAnswers.hasCode(response)) {
          return HubAnswers.refused(response);
        }
        checkSignedForGetOnly(request, response, trail);
      }
      return new Found.Here<>(described(request, revision, trail, response));
    }
  }

  /**
   * What a download host refuses, without the hub's own reason, is no word of the hub's about the
   * repo. It may well refuse the HEAD of an address that was signed for GET: then the file is
   * there, without an identity.
   */
  private static void checkSignedForGetOnly(
      WireRequest request, WireResponse response, Trail trail) {
    boolean method = response.status() == 403 || response.status() == 405;
    if (!method || trail.commit().isEmpty()) {
      throw HubAnswers.noBytes(response, request.what());
    }
  }

  private static RemoteEntry described(
      WireRequest request, Revision revision, Trail trail, WireResponse response) {
    HubAnswers.checkPlain(response, request.what());
    if (response.status() == 416) {
      throw HubAnswers.lied(response, request.what(), "it is about a range that nobody asked for");
    }
    RemoteEntry entry =
        trail
            .entry(response)
            .orElseThrow(
                () -> HubAnswers.lied(response, request.what(), "it names no X-Repo-Commit"));
    if (revision.commit().filter(asked -> !asked.equals(entry.commit())).isPresent()) {
      throw HubAnswers.lied(response, request.what(), "it is of another commit");
    }
    return entry;
  }

  @Override
  public RemoteContent content(
      RepoId repo,
      Commit commit,
      EntryPath path,
      Credential credential,
      Optional<Location> location) {
    URI address = file(repo, commit, path);
    WireRequest request = WireRequest.get(address, what(repo, commit.hex(), path));
    Optional<URI> known =
        location.filter(at -> at.serves(address, credential)).map(Location::address);
    return new HubContent(
        request, redirects, credential, known, wire.settings().openTimeout(), clock);
  }

  private URI file(RepoId repo, Commit commit, EntryPath path) {
    return addresses.file(repo, "resolve", commit.hex(), path.value());
  }

  @Override
  public Found<Document> document(
      DocumentRequest request, Credential credential, Duration budget, Reserve reserve) {
    boolean aboutNoRepo =
        request instanceof DocumentRequest.Search || request instanceof DocumentRequest.WhoAmI;
    return (aboutNoRepo ? aside : retrying)
        .within(
            subject(request),
            budget,
            deadline -> documents.get(request, credential, reserve, deadline));
  }

  /** A repo may be broken at the hub while others are not. */
  private static Subject subject(DocumentRequest request) {
    String repo =
        switch (request) {
          case DocumentRequest.Info it -> it.repo().toString();
          case DocumentRequest.Tree it -> it.repo().toString();
          case DocumentRequest.Refs it -> it.repo().toString();
          case DocumentRequest.PathsInfo it -> it.repo().toString();
          case DocumentRequest.Commits it -> it.repo().toString();
          case DocumentRequest.Raw it -> it.repo().toString();
          case DocumentRequest.AuthCheck it -> it.repo().toString();
          case DocumentRequest.Search _, DocumentRequest.WhoAmI _ -> "";
        };
    return new Subject(repo, request.toString());
  }

  @Override
  public Found<Passed> pass(PassRequest request, Credential credential, Duration budget) {
    return aside.within(budget, deadline -> pass.open(request, credential, deadline));
  }

  @Override
  public Found<Set<Digest>> lfs(
      RepoId repo,
      List<LfsObjectId> objects,
      Credential credential,
      Duration budget,
      Reserve reserve) {
    return aside.within(
        budget, deadline -> lfs.known(repo, objects, credential, reserve, deadline));
  }

  @Override
  public Found<Passed> lfsObject(
      RepoId repo, LfsObjectId object, Credential credential, Duration budget) {
    return aside.within(budget, deadline -> lfs.open(repo, object, credential, deadline));
  }

  private static String what(RepoId repo, String revision, EntryPath path) {
    String shown = Commit.looksLike(revision) ? revision.substring(0, 8) : revision;
    return repo + "@" + shown + "/" + path;
  }

  @Override
  public void close() {
    wire.close();
  }
}
