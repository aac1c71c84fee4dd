package dev.larder.testing;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** Certificates that live for two days, made with the JDK's own tool in a folder of the test. */
public final class Certificates {
  private static final String PASSWORD = "changeit";

  private final Path store;

  public Certificates(Path folder) {
    store = folder.resolve("keys.p12");
  }

  /** {@code more}: arguments of {@code keytool -genkeypair}, such as the name. */
  public void make(String alias, String... more)
      throws IOException, InterruptedException, GeneralSecurityException {
    List<String> line = new ArrayList<>();
    line.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    line.addAll(List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-validity", "2"));
    line.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    line.addAll(List.of("-keystore", store.toString()));
    line.addAll(List.of(more));
    Process made =
        new ProcessBuilder(line)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (made.waitFor() != 0) {
      throw new IOException("keytool made no certificate " + alias);
    }
  }

  /** Shows the certificate {@code own} to the other side and trusts what {@code trusted} signed. */
  public SSLContext context(String own, String trusted)
      throws IOException, GeneralSecurityException {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    KeyStore shown = empty();
    shown.setKeyEntry(
        own,
        keys.getKey(own, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        keys.getCertificateChain(own));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(shown, PASSWORD.toCharArray());
    KeyStore authorities = empty();
    authorities.setCertificateEntry(trusted, keys.getCertificate(trusted));
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
