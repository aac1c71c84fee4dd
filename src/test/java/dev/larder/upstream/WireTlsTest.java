package dev.larder.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with a certificate for {@code hub.example} that only this test trusts. */
class WireTlsTest {
  private static final char[] PASSWORD = "changeit".toCharArray();
  private static final byte[] HALF =
      "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhe".getBytes(StandardCharsets.US_ASCII);

  @TempDir private static Path folder;
  private static SSLContext context;

  @BeforeAll
  static void makeCertificate() throws Exception {
    Path store = folder.resolve("hub.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "hub",
                "-keyalg",
                "EC",
                "-dname",
                "CN=hub.example",
                "-ext",
                "san=dns:hub.example",
                "-validity",
                "2",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                "changeit")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD);
    }
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, PASSWORD);
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry("hub", keys.getCertificate("hub"));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trust.getTrustManagers(), null);
  }

  private static ScriptedServer server() throws Exception {
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

  @Test
  void otherName_isRefused() throws Exception {
    try (ScriptedServer server = server();
        Wire wire = wire(context.getSocketFactory(), WireSettings.DEFAULT)) {
      assertThatThrownBy(() -> wire.send(request("other.example", server.port()), soon()))
          .isInstanceOf(UpstreamUnreachable.class)
          .hasMessageContaining("certificate");
      assertThat(server.heads).isEmpty();
    }
  }

  @Test
  void unknownAuthority_isRefused() throws Exception {
    try (ScriptedServer server = server();
        Wire wire = wire((SSLSocketFactory) SSLSocketFactory.getDefault(), WireSettings.DEFAULT)) {
      assertThatThrownBy(() -> wire.send(request("hub.example", server.port()), soon()))
          .isInstanceOf(UpstreamUnreachable.class)
          .hasMessageContaining("TLS");
      assertThat(server.heads).isEmpty();
    }
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
