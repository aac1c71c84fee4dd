package dev.larder.testing;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** A server on loopback that speaks TLS with a certificate which it made itself. */
public final class SelfSigned {
  private SelfSigned() {}

  /** Ends with the process. {@code folder} takes its key. */
  public static URI server(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    SSLServerSocket listener =
        (SSLServerSocket)
            context(folder)
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
    Thread.ofPlatform().daemon().start(() -> accept(listener));
    return URI.create("https://127.0.0.1:" + listener.getLocalPort());
  }

  private static void accept(SSLServerSocket listener) {
    while (true) {
      try (SSLSocket socket = (SSLSocket) listener.accept()) {
        socket.startHandshake();
      } catch (IOException _) {
        // Who does not trust the certificate leaves.
      }
    }
  }

  private static SSLContext context(Path folder)
      throws IOException, InterruptedException, GeneralSecurityException {
    Certificates certificates = new Certificates(folder);
    certificates.make("hub", "-dname", "CN=127.0.0.1", "-ext", "san=ip:127.0.0.1");
    return certificates.context("hub", "hub");
  }
}
