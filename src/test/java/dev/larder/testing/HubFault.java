package dev.larder.testing;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What goes wrong for the next requests of a kind. Made by {@link FakeHub#on}; the methods say how
 * often and what, and can be combined.
 */
public final class HubFault {
  private final Predicate<HubRequest> where;
  private final AtomicInteger left = new AtomicInteger(1);
  private final CountDownLatch released = new CountDownLatch(1);
  private final CountDownLatch met = new CountDownLatch(1);
  private final List<Consumer<HubReply>> changes = new ArrayList<>();

  // Guarded by this.
  private int meetings;
  private int inside;
  private int mostAtOnce;

  volatile long cutAfter = -1;
  volatile long stallAfter = -1;
  volatile long corruptAt = -1;
  volatile long bytesPerSecond;
  volatile Duration delay = Duration.ZERO;
  volatile boolean refuse;
  volatile boolean chunked;
  volatile boolean endless;
  volatile boolean reset;
  volatile String rawHead = "";

  HubFault(Predicate<HubRequest> where) {
    this.where = where;
  }

  /** For this many requests; one unless said otherwise. */
  public HubFault times(int count) {
    left.set(count);
    return this;
  }

  public HubFault always() {
    return times(Integer.MAX_VALUE);
  }

  /** Closes the connection after so many bytes of the body. */
  public HubFault cutAfter(long bytes) {
    cutAfter = bytes;
    return this;
  }

  /** Sends nothing more after so many bytes of the body, until {@link #release()}. */
  public HubFault stallAfter(long bytes) {
    stallAfter = bytes;
    return this;
  }

  /** Ends the stalls: what waits is sent. */
  public void release() {
    released.countDown();
  }

  /** Waits until a request met this fault. */
  public void awaitMet() throws InterruptedException {
    met.await();
  }

  /** Flips the byte at this offset of the file. */
  public HubFault corrupt(long offset) {
    corruptAt = offset;
    return this;
  }

  /** For each connection. */
  public HubFault throttle(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
    return this;
  }

  /** Before the first byte of the answer. */
  public HubFault delay(Duration time) {
    delay = time;
    return this;
  }

  /** Where the connection is to end it is reset, so that the other side may lose what it has. */
  public HubFault reset() {
    reset = true;
    return this;
  }

  /** Goes on after the last byte, for as long as somebody listens. */
  public HubFault endless() {
    endless = true;
    return this;
  }

  /** The bytes of something else, which is as long. */
  public HubFault bytes(byte[] other) {
    return change(reply -> reply.content = FakeContent.of(other));
  }

  /** Closes the connection without an answer. */
  public HubFault hangUp() {
    refuse = true;
    return this;
  }

  /** In chunks, without a length. */
  public HubFault chunked() {
    chunked = true;
    return this;
  }

  /** Declares this many bytes more (or less) than come; then closes. */
  public HubFault lieAboutLength(long more) {
    return change(
        reply -> {
          reply.declared += more;
          reply.set("Connection", "close");
        });
  }

  /** Neither a length nor chunks: the body ends where the connection does. */
  public HubFault withoutLength() {
    return change(reply -> reply.declared = -1);
  }

  public HubFault header(String name, String value) {
    return change(reply -> reply.set(name, value));
  }

  public HubFault dropHeader(String name) {
    return change(reply -> reply.without(name));
  }

  public HubFault etag(String value) {
    return header("ETag", value);
  }

  /** Answers this instead; {@code headers} are names and values in turn. */
  public HubFault status(int status, String... headers) {
    return change(
        reply -> {
          replace(reply, status, "{\"error\":\"scripted\"}", "application/json");
          for (int i = 0; i + 1 < headers.length; i += 2) {
            reply.set(headers[i], headers[i + 1]);
          }
        });
  }

  public HubFault redirectTo(String location) {
    return status(302, "Location", location);
  }

  /** A login page of some network, with 200. */
  public HubFault html() {
    return change(reply -> replace(reply, 200, "<html><body>Log in</body></html>", "text/html"));
  }

  /** Says that the body is compressed. */
  public HubFault gzip() {
    return header("Content-Encoding", "gzip");
  }

  public HubFault hugeHeader(int bytes) {
    return header("X-Huge", "x".repeat(bytes));
  }

  /** Sends the whole file whatever part was asked for. */
  public HubFault ignoreRange() {
    return change(
        reply -> {
          reply.status = 200;
          reply.without("Content-Range");
          reply.from = 0;
          reply.to = reply.content.size();
          reply.declared = reply.to;
        });
  }

  /** These bytes instead of a status line and headers. */
  public HubFault rawHead(String bytes) {
    rawHead = bytes;
    return this;
  }

  private static void replace(HubReply reply, int status, String body, String type) {
    HubReply other = HubReply.text(status, type, body);
    reply.status = status;
    reply.lines.clear();
    reply.lines.addAll(other.lines);
    reply.content = other.content;
    reply.from = 0;
    reply.to = other.to;
    reply.declared = other.declared;
    reply.file = false;
  }

  private HubFault change(Consumer<HubReply> change) {
    changes.add(change);
    return this;
  }

  boolean takes(HubRequest request) {
    return left.get() > 0
        && where.test(request)
        && left.getAndUpdate(n -> n == Integer.MAX_VALUE ? n : Math.max(0, n - 1)) > 0;
  }

  void apply(HubReply reply) {
    changes.forEach(change -> change.accept(reply));
    met.countDown();
    synchronized (this) {
      meetings++;
      mostAtOnce = Math.max(mostAtOnce, ++inside);
      notifyAll();
    }
  }

  /** A request that met it has its answer, or has none. */
  synchronized void left() {
    inside--;
  }

  /** Waits until so many requests met it. */
  public synchronized void awaitMet(int count) throws InterruptedException {
    while (meetings < count) {
      wait();
    }
  }

  /** How many requests it held at one time, at most. */
  public synchronized int mostAtOnce() {
    return mostAtOnce;
  }

  void awaitRelease() throws InterruptedException {
    released.await();
  }
}
