package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.testing.Certificates;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import dev.larder.upstream.UpstreamException.UpstreamUntrusted;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with certificates for {@code hub.example} of an authority that only this test trusts. */
class WireTlsTest {
  private static final byte[] HALF =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe".getBytes(StandardCharsets.US_ASCII);

  @TempDir private static Path folder;
  private static SSLContext context;
  private static SSLContext expired;

  @BeforeAll
  static void makeCertificates() throws Exception {
    Certificates certificates = new Certificates(folder);
    certificates.make("ca", "-dname", "CN=ca", "-ext", "bc:c");
    List<String> signed =
        List.of("-dname", "CN=hub.example", "-ext", "san=dns:hub.example", "-signer", "ca");
    certificates.make("hub", signed.toArray(String[]::new));
    certificates.make(
        "expired",
        Stream.concat(signed.stream(), Stream.of("-startdate", "-9d")).toArray(String[]::new));
    context = certificates.context("hub", "ca");
    expired = certificates.context("expired", "ca");
  }

  private static ScriptedServer server() throws Exception {
    return server(context);
  }

  private static ScriptedServer server(SSLContext context) throws Exception {
    SSLServerSocket socket =
        (SSLServerSocket) context.getServerSocketFactory().createServerSocket();
    return new ScriptedServer(socket);
  }

  private static Wire wire(SSLSocketFactory tls, WireSettings settings) {
    EgressGuard guard =
        new EgressGuard(
            Origin.of(URI.create("https://hub.example")), List.of(Cidr.parse("127.0.0.1")));
    NameLookup loopback = _ -> List.of(InetAddress.ofLiteral("127.0.0.1"));
    return new Wire(guard, settings, Throttle.unlimited(), loopback, () -> tls);
  }

  private static WireRequest request(String host, int port) {
    return WireRequest.get(URI.create("https://" + host + ":" + port + "/x"), "a thing");
  }

  private static Deadline soon() {
    return Deadline.after(Duration.ofSeconds(5));
  }

  @Test
  void rightName_isTrustedAndKept() throws Exception {
    try (ScriptedServer server = server();
        Wire wire = wire(context.getSocketFactory(), WireSettings.DEFAULT)) {
      server.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      server.answer("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
      for (int i = 0; i < 2; i++) {
        try (WireResponse response = wire.send(request("hub.example", server.port()), soon())) {
          assertThat(new String(response.body().readAll(100), StandardCharsets.US_ASCII))
              .isEqualTo("hello");
        }
      }
      assertThat(server.connections).hasValue(1);
    }
  }

  private static void assertRefused(SSLContext shown, SSLSocketFactory trusting, String host)
      throws Exception {
    try (ScriptedServer server = server(shown);
        Wire wire = wire(trusting, WireSettings.DEFAULT)) {
      assertThatThrownBy(() -> wire.send(request(host, server.port()), soon()))
          .isInstanceOf(UpstreamUntrusted.class)
          .hasMessageContaining("certificate");
      assertThat(server.heads).isEmpty();
    }
  }

  @Test
  void otherName_isRefused() throws Exception {
    assertRefused(context, context.getSocketFactory(), "other.example");
  }

  @Test
  void unknownAuthority_isRefused() throws Exception {
    assertRefused(context, (SSLSocketFactory) SSLSocketFactory.getDefault(), "hub.example");
  }

  @Test
  void certificateOutOfItsTime_isRefused() throws Exception {
    assertRefused(expired, context.getSocketFactory(), "hub.example");
  }

  @Test
  void silentPeer_endsInTime() throws Exception {
    try (java.net.ServerSocket silent =
            new java.net.ServerSocket(0, 1, InetAddress.ofLiteral("127.0.0.1"));
        Wire wire = wire(context.getSocketFactory(), WireSettings.DEFAULT)) {
      WireRequest request = request("hub.example", silent.getLocalPort());
      assertThatThrownBy(() -> wire.send(request, Deadline.after(Duration.ofMillis(300))))
          .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue());
    }
  }

  @Test
  void stall_timesOut() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    WireSettings hasty = WireSettings.DEFAULT.withStallTimeout(Duration.ofMillis(500));
    try (ScriptedServer server = server();
        Wire wire = wire(context.getSocketFactory(), hasty)) {
      server.then(
          socket -> {
            socket.getOutputStream().write(HALF);
            over.await();
            return false;
          });
      WireBody body = wire.send(request("hub.example", server.port()), soon()).body();
      assertThatThrownBy(() -> body.readAll(100))
          .isInstanceOfSatisfying(UpstreamUnreachable.class, e -> assertThat(e.timeout()).isTrue());
      body.close();
    } finally {
      over.countDown();
    }
  }

  @Test
  void cut_withoutGoodbye_isNoEnd() throws Exception {
    try (ScriptedServer server = server();
        Wire wire = wire(context.getSocketFactory(), WireSettings.DEFAULT)) {
      server.then(
          socket -> {
            socket.getOutputStream().write(HALF);
            return false;
          });
      WireBody body = wire.send(request("hub.example", server.port()), soon()).body();
      assertThatThrownBy(() -> body.readAll(100)).isInstanceOf(UpstreamUnreachable.class);
      body.close();
    }
  }

  @Test
  void close_fromAnotherThread_endsABlockedRead() throws Exception {
    CountDownLatch over = new CountDownLatch(1);
    try (ScriptedServer server = server();
        Wire wire = wire(context.getSocketFactory(), WireSettings.DEFAULT)) {
      server.then(
          socket -> {
            socket.getOutputStream().write(HALF);
            over.await();
            return false;
          });
      WireBody body = wire.send(request("hub.example", server.port()), soon()).body();
      CountDownLatch reading = new CountDownLatch(1);
      CompletableFuture<byte[]> read =
          CompletableFuture.supplyAsync(
              () -> {
                body.read(new byte[2], 0, 2);
                reading.countDown();
                return body.readAll(100);
              });
      reading.await();
      body.close();
      assertThat(read)
          .failsWithin(Duration.ofSeconds(5))
          .withThrowableThat()
          .withCauseInstanceOf(UpstreamUnreachable.class);
    } finally {
      over.countDown();
    }
  }
}
