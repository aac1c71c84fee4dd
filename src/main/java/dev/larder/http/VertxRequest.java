package dev.larder.http;

import dev.larder.content.MemoryShort;
import dev.larder.content.RangeRequest;
import dev.larder.content.Reserve;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.vertx.core.http.HttpServerRequest;
import java.net.InetSocketAddress;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** A {@link Request} as Vert.x has read it. Its address and headers do not change any more. */
final class VertxRequest implements Request, Reserve {
  private final HttpServerRequest raw;
  private final Connection connection;
  private final DoorSettings settings;
  private final Memory all;
  private final String method;
  private final String path;
  private final String query;
  private final @Nullable String authority;
  private @Nullable List<String> segments;
  private @Nullable String id;
  private volatile @Nullable RequestMemory memory;

  /** Guarded by this. */
  private boolean over;

  VertxRequest(HttpServerRequest raw, Connection connection, DoorSettings settings, Memory all) {
    this.raw = raw;
    this.connection = connection;
    this.settings = settings;
    this.all = all;
    method = raw.method().name();
    String target = raw.uri();
    int pathStart = pathStart(target);
    // RFC 9112 §3.2.2: an absolute target decides, whatever Host says.
    authority =
        pathStart > 0
            ? target.substring(target.indexOf("//") + 2, pathStart)
            : raw.headers().get(HttpHeaderNames.HOST);
    int mark = target.indexOf('?', pathStart);
    path = target.substring(pathStart, mark < 0 ? target.length() : mark);
    query = mark < 0 ? "" : target.substring(mark + 1);
  }

  private static int pathStart(String target) {
    if (!target.regionMatches(true, 0, "http://", 0, 7)
        && !target.regionMatches(true, 0, "https://", 0, 8)) {
      return 0;
    }
    int from = target.indexOf("//") + 2;
    for (int i = from; i < target.length(); i++) {
      char c = target.charAt(i);
      if (c == '/' || c == '?') {
        return i;
      }
    }
    return target.length();
  }

  /** Why this cannot be answered whatever it asks for; null when it can. */
  @Nullable HttpException refusal(Hosts hosts) {
    if (raw.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
      return new HttpException.BadRequest("A request has one Host header.");
    }
    if (authority == null) {
      return raw.version() == io.vertx.core.http.HttpVersion.HTTP_1_0
          ? null
          : new HttpException.BadRequest("A request of HTTP/1.1 has a Host header.");
    }
    if (!hosts.allows(authority)) {
      return new HttpException.Misdirected(Printable.of(authority));
    }
    if (!path.startsWith("/") || path.indexOf('#') >= 0) {
      return new HttpException.BadRequest("A request asks for a path that begins with '/'.");
    }
    return null;
  }

  /** Whether something follows the head. */
  boolean hasBody() {
    if (raw.headers().contains(HttpHeaderNames.TRANSFER_ENCODING)) {
      return true;
    }
    String length = raw.headers().get(HttpHeaderNames.CONTENT_LENGTH);
    return length != null && !length.equals("0");
  }

  HttpServerRequest raw() {
    return raw;
  }

  Connection connection() {
    return connection;
  }

  /** For the log: no query, for it may hold what is secret. */
  String printablePath() {
    return Printable.of(path);
  }

  boolean isHead() {
    return method.equals("HEAD");
  }

  @Override
  public String method() {
    return method;
  }

  @Override
  public List<String> rawSegments() {
    List<String> known = segments;
    if (known == null) {
      known = RawText.segments(path);
      segments = known;
    }
    return known;
  }

  @Override
  public String rawPath() {
    return path;
  }

  /** The first segment, without splitting the others. */
  String firstSegment() {
    int from = path.startsWith("/") ? 1 : 0;
    int slash = path.indexOf('/', from);
    return path.substring(from, slash < 0 ? path.length() : slash);
  }

  @Override
  public String rawQuery() {
    return query;
  }

  @Override
  public @Nullable String header(String name) {
    return raw.headers().get(name);
  }

  @Override
  public RangeRequest range() {
    return RangeHeader.parse(raw.headers().get(HttpHeaderNames.RANGE));
  }

  @Override
  public Reserve reserve() {
    return this;
  }

  @Override
  public boolean tryTake(long bytes) {
    RequestMemory mine = memory();
    return mine != null && mine.tryTake(bytes);
  }

  @Override
  public void take(long bytes) {
    RequestMemory mine = memory();
    if (mine == null) {
      throw new MemoryShort();
    }
    mine.take(bytes);
  }

  /**
   * Null once its thread is done with it: bytes may still come on the event loop, and nobody would
   * give back what is taken for them.
   */
  private synchronized @Nullable RequestMemory memory() {
    if (memory == null && !over) {
      memory = new RequestMemory(all, connection);
    }
    return memory;
  }

  /** Of what it held only an answer of so many bytes is left. */
  void sending(long bytes) {
    RequestMemory mine = memory;
    if (mine != null) {
      mine.sending(bytes);
    }
  }

  /** One more piece of its answer is out. */
  void sentPiece() {
    RequestMemory mine = memory;
    if (mine != null) {
      mine.sentPiece();
    }
  }

  /** Its thread is done with it. */
  void answered() {
    RequestMemory mine;
    synchronized (this) {
      over = true;
      mine = memory;
    }
    if (mine != null) {
      mine.answered();
    }
  }

  /** Its answer was handed over, whole or not. */
  void delivered() {
    RequestMemory mine = memory;
    if (mine != null) {
      mine.delivered();
    }
  }

  @Override
  public byte[] body(int limitBytes) {
    return RequestBody.read(this, limitBytes, settings.limits().body());
  }

  @Override
  public Optional<String> decoded(String rawSegment) {
    return RawText.decode(rawSegment);
  }

  @Override
  public synchronized String id() {
    if (id == null) {
      id = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    }
    return id;
  }

  @Override
  public String peer() {
    return connection.peer();
  }

  @Override
  public boolean fromLoopback() {
    return connection.remoteAddress() instanceof InetSocketAddress peer
        && peer.getAddress().isLoopbackAddress();
  }

  @Override
  public String publicUrl() {
    return settings
        .publicUrl()
        .orElseGet(() -> "http://" + (authority == null ? connection.localName() : authority));
  }
}
