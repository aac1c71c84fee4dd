package dev.larder.testing;

import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A Hugging Face hub on 127.0.0.1 with its CDN on 127.0.0.2, both real HTTP/1.1 servers on raw
 * sockets, so that they can misbehave on the wire. What it holds and what goes wrong can be changed
 * at any time. Keeps a log of every request.
 */
public final class FakeHub implements AutoCloseable {
  private final Map<RepoId, FakeRepo> repos = new ConcurrentHashMap<>();
  private final Map<RepoId, RepoId> renamed = new ConcurrentHashMap<>();
  private final Map<String, String> users = new ConcurrentHashMap<>();
  private final Map<String, HubPage> pages = new ConcurrentHashMap<>();
  private final Map<RepoId, Path> gits = new ConcurrentHashMap<>();
  private final List<HubFault> faults = new CopyOnWriteArrayList<>();
  private final List<HubRequest> log = new CopyOnWriteArrayList<>();
  private final AtomicLong fileBytes = new AtomicLong();
  private final AtomicInteger signature = new AtomicInteger(1);
  private final HubSender sender = new HubSender(fileBytes);
  private final HubRoutes routes = new HubRoutes(this);
  private final FakeCdn cdnFiles = new FakeCdn(this);
  private final HubServer hub;
  private final HubServer cdn;
  private volatile int pageSize = 1000;
  private volatile long bytesPerSecond;

  private FakeHub() throws IOException {
    hub = new HubServer(HubRequest.Server.HUB, "127.0.0.1", this::answer);
    cdn = new HubServer(HubRequest.Server.CDN, "127.0.0.2", this::answer);
  }

  public static FakeHub start() {
    try {
      return new FakeHub();
    } catch (IOException e) {
      throw new UncheckedIOException("no port on loopback for the fake hub", e);
    }
  }

  public URI uri() {
    return URI.create(hub.base());
  }

  public URI cdnUri() {
    return URI.create(cdn.base());
  }

  /** The repo of this name, new when it is asked for the first time. */
  public FakeRepo repo(RepoId id) {
    return repos.computeIfAbsent(id, FakeRepo::new);
  }

  /** {@code kind}: models, datasets or spaces. */
  public FakeRepo repo(String kind, String name) {
    return repo(new RepoId(RepoKind.of(kind), name));
  }

  public FakeRepo model(String name) {
    return repo(RepoId.model(name));
  }

  /** The old name redirects to the new one from now on. */
  public void rename(RepoId from, RepoId to) {
    renamed.put(from, to);
  }

  /** Any other address of the hub: {@code path} without a query, for everybody. */
  public void page(String path, String type, String body) {
    pages.put(path, new HubPage(type, body));
  }

  /** What {@code git} finds under the repo's name: a bare repository on disk. */
  public void git(RepoId repo, Path bare) {
    gits.put(repo, bare);
  }

  /** A token of a user; without one only those named for a repo are known. */
  public void token(String token, String user) {
    users.put(token, user);
  }

  /** How many entries a page of a listing has. */
  public void pageSize(int entries) {
    pageSize = entries;
  }

  /** For every connection of both hosts; 0 is no limit. */
  public void throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Signed addresses that were given out are refused from now on. */
  public void expireLinks() {
    signature.incrementAndGet();
  }

  /** Both hosts refuse connections. */
  public void away() {
    hub.away();
    cdn.away();
  }

  public void back() {
    hub.back();
    cdn.back();
  }

  /** What goes wrong for the next requests that fit; see {@link HubFault}. */
  public HubFault on(Predicate<HubRequest> where) {
    HubFault fault = new HubFault(where);
    faults.add(fault);
    return fault;
  }

  /** For GETs of a file's bytes, wherever they come from: not for redirects to them. */
  public HubFault onFile(String name) {
    return on(
        request ->
            request.method().equals("GET") && request.concerns(name) && servesBytes(request));
  }

  public HubFault onPath(String part) {
    return on(request -> request.path().contains(part));
  }

  public void clearFaults() {
    faults.forEach(HubFault::release);
    faults.clear();
  }

  private static boolean servesBytes(HubRequest request) {
    return request.server() == HubRequest.Server.CDN
        || request.path().startsWith("/api/resolve-cache/")
        || request.path().contains("/raw/");
  }

  /** Everything asked so far, in order. */
  public List<HubRequest> requests() {
    return List.copyOf(log);
  }

  public List<HubRequest> requests(Predicate<HubRequest> where) {
    return log.stream().filter(where).toList();
  }

  /** GETs of a file's bytes. */
  public List<HubRequest> downloads(String name) {
    return requests(r -> r.method().equals("GET") && r.concerns(name) && servesBytes(r));
  }

  /** Bytes of files that were put on the wire. */
  public long fileBytesSent() {
    return fileBytes.get();
  }

  public void clearLog() {
    log.clear();
    fileBytes.set(0);
  }

  private boolean answer(HubRequest request, Socket socket)
      throws IOException, InterruptedException {
    log.add(request);
    List<HubFault> active = new java.util.ArrayList<>();
    for (HubFault fault : faults) {
      if (fault.takes(request)) {
        active.add(fault);
      }
    }
    HubReply reply =
        request.server() == HubRequest.Server.HUB
            ? routes.answer(request)
            : cdnFiles.answer(request);
    active.forEach(fault -> fault.apply(reply));
    List<HubFault> met = List.copyOf(active);
    if (bytesPerSecond > 0) {
      active.add(new HubFault(_ -> true).throttle(bytesPerSecond));
    }
    try {
      return sender.send(socket, request, reply, active);
    } finally {
      met.forEach(HubFault::left);
    }
  }

  record HubPage(String type, String body) {}

  Optional<HubPage> page(String path) {
    return Optional.ofNullable(pages.get(path));
  }

  Optional<Path> git(RepoId repo) {
    return Optional.ofNullable(gits.get(repo));
  }

  Stream<FakeRepo> all(RepoKind kind) {
    return repos.values().stream()
        .filter(repo -> repo.id().kind() == kind)
        .sorted(Comparator.comparing(FakeRepo::id));
  }

  Optional<FakeRepo> find(RepoId id) {
    return Optional.ofNullable(repos.get(id));
  }

  Optional<RepoId> newName(RepoId id) {
    return Optional.ofNullable(renamed.get(id));
  }

  /** Whether this token belongs to somebody. */
  boolean known(String token) {
    return users.containsKey(token)
        || repos.values().stream().anyMatch(repo -> repo.readers().contains(token));
  }

  Optional<String> user(String token) {
    return known(token) ? Optional.of(users.getOrDefault(token, "somebody")) : Optional.empty();
  }

  int pageSize() {
    return pageSize;
  }

  String hubBase() {
    return hub.base();
  }

  String signedAddress(RepoId repo, String path, FakeFile file) {
    return cdnFiles.address(cdn.base(), repo, path, file);
  }

  String signature() {
    return "sig" + signature.get();
  }

  @Override
  public void close() {
    clearFaults();
    hub.close();
    cdn.close();
  }
}
