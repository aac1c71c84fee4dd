package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.upstream.Redirects.Watcher;
import dev.larder.upstream.UpstreamException.UpstreamBusy;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateLimitsTest {
  private static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n";
  private static final String BUSY = "HTTP/1.1 429 Too Many\r\nContent-Length: 0\r\n";
  private static final Credential TOKEN = new Credential.Token("hf_canary");

  private final ScriptedServer server = ScriptedServer.start();
  private final Origin origin = Origin.of(server.uri());
  private final Wire wire =
      new Wire(
          new EgressGuard(origin, List.of(Cidr.parse("127.0.0.0/8"))),
          WireSettings.DEFAULT,
          Throttle.unlimited());
  private final RateLimits limits =
      new RateLimits(
          origin,
          address -> address.getPath().startsWith("/api/") ? "api" : "resolvers",
          InstantSource.system());
  private final Redirects redirects = new Redirects(wire, origin, limits);

  @AfterEach
  void close() throws IOException {
    wire.close();
    server.close();
  }

  private int ask(String path, Credential credential, Duration budget) {
    WireRequest request = WireRequest.get(server.uri().resolve(path), "a thing");
    try (var landing =
        redirects.follow(request, credential, Deadline.after(budget), Watcher.NONE)) {
      return landing.response().status();
    }
  }

  private int ask(String path) {
    return ask(path, Credential.ANONYMOUS, Duration.ofSeconds(5));
  }

  private void say(String head, String more) {
    server.answer(head + more + "\r\n");
  }

  @Test
  void nothingLeft_inAGoodAnswer_nobodyAsksThatBucket() {
    say(
        OK,
        "RateLimit: \"api\";r=0;t=40\r\nRateLimit-Policy: \"fixed window\";\"api\";q=500;w=300\r\n");
    say(OK, "");
    assertThat(ask("/api/a")).isEqualTo(200);
    assertThatThrownBy(() -> ask("/api/b"))
        .isInstanceOfSatisfying(
            UpstreamBusy.class, busy -> assertThat(busy.code()).isEqualTo("upstream-throttles"))
        .hasMessageContaining("left alone");
    assertThat(server.heads).hasSize(1);
    assertThat(limits.rests("api")).isTrue();

    assertThat(ask("/o/r/resolve/main/x")).isEqualTo(200); // The other bucket goes on.
    assertThat(limits.rests("resolvers")).isFalse();
    var api = limits.standing().getFirst();
    assertThat(api.name()).isEqualTo("api");
    assertThat(api.remaining()).hasValue(0);
    assertThat(api.quota()).hasValue(500);
    assertThat(api.windowSeconds()).hasValue(300);
    assertThat(api.rests()).isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40));
  }

  @Test
  void twoBuckets_thatTheUpstreamGivesOneName_areToldApart() {
    say(OK, "RateLimit: \"api\";r=10;t=40\r\n");
    say(OK, "RateLimit: \"api\";r=20;t=40\r\n");
    ask("/api/a");
    ask("/o/r/resolve/main/x");
    assertThat(limits.standing())
        .extracting(RateLimits.Standing::name)
        .containsExactly("api", "resolvers (api)");
  }

  @Test
  void shortClock_isWaitedForByEverybody() throws Exception {
    say(BUSY, "Retry-After: 1\r\n");
    say(OK, "");
    say(OK, "");
    assertThat(ask("/api/a")).isEqualTo(429);
    long started = System.nanoTime();
    List<Thread> waiters = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      waiters.add(Thread.startVirtualThread(() -> ask("/api/b")));
    }
    for (Thread waiter : waiters) {
      waiter.join();
    }
    assertThat(System.nanoTime() - started).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
    assertThat(server.heads).hasSize(3);
  }

  @Test
  void clockBeyondTheDeadline_isRefusedAtOnce() {
    say(BUSY, "Retry-After: 60\r\n");
    ask("/api/a");
    long started = System.nanoTime();
    assertThatThrownBy(() -> ask("/api/b", Credential.ANONYMOUS, Duration.ofSeconds(30)))
        .isInstanceOf(UpstreamBusy.class);
    assertThat(System.nanoTime() - started).isLessThan(TimeUnit.SECONDS.toNanos(15));
    assertThat(server.heads).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Retry-After: 999999999",
        "Retry-After: Fri, 02 Jan 2099 12:00:00 GMT",
        "RateLimit: \"api\";r=0;t=999999999999"
      })
  void absurdWish_isBounded(String header) {
    say(BUSY, header + "\r\n");
    ask("/api/a");
    assertThat(limits.standing().getFirst().rests())
        .isBetween(Duration.ofMinutes(4), RateLimits.LONGEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Retry-After: soon", "Retry-After: -5", "RateLimit: nonsense;r=0;t=x", ""})
  void tooManyWithoutATime_isAShortRest(String header) {
    say(BUSY, header.isEmpty() ? "" : header + "\r\n");
    ask("/api/a");
    assertThat(limits.rests("api")).isTrue();
    assertThat(limits.standing().getFirst().rests()).isLessThanOrEqualTo(RetryAfter.UNSAID);
  }

  @Test
  void overload_withoutAWish_isNoLimit() {
    say("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n", "");
    ask("/api/a");
    assertThat(limits.rests("api")).isFalse();
  }

  @Test
  void limitOfOneToken_stopsNobodyElse() {
    say(BUSY, "RateLimit: \"api\";r=0;t=40\r\n");
    say(OK, "");
    ask("/api/a", TOKEN, Duration.ofSeconds(2));
    assertThatThrownBy(() -> ask("/api/a", TOKEN, Duration.ofSeconds(2)))
        .isInstanceOf(UpstreamBusy.class);
    assertThat(ask("/api/a")).isEqualTo(200);
    assertThat(limits.standing()).hasSize(1);
    assertThat(limits.standing().getFirst().own()).isTrue();
    assertThat(limits.standing().toString()).doesNotContain("canary");
  }

  @Test
  void otherHosts_haveNoPartInIt() throws IOException {
    try (ScriptedServer cdn = ScriptedServer.start()) {
      server.answer(
          "HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:%d/x\r\n\r\n"
              .formatted(cdn.port()));
      cdn.answer(BUSY + "Retry-After: 60\r\n\r\n");
      WireRequest request = WireRequest.get(URI.create(server.uri() + "/api/a"), "a thing");
      try (var landing =
          redirects.follow(
              request, Credential.ANONYMOUS, Deadline.after(Duration.ofSeconds(2)), Watcher.NONE)) {
        assertThat(landing.response().status()).isEqualTo(429);
      }
    }
    assertThat(limits.standing()).isEmpty();
  }
}
