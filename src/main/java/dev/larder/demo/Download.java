package dev.larder.demo;

import dev.larder.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;

/**
 * What one plain client saw: status, bytes and their SHA-256, times since it asked, and what the
 * server said of its cache.
 */
record Download(
    int status, long bytes, Digest digest, Duration firstByte, Duration whole, String cache) {
  private static final int BUFFER_BYTES = 64 * 1024;
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Asks once, follows nothing, keeps no bytes. Fails when the body ends early. */
  static Download of(HttpClient client, URI address) throws IOException, InterruptedException {
    long start = System.nanoTime();
    HttpRequest request = HttpRequest.newBuilder(address).timeout(PATIENCE).build();
    HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
    MessageDigest sha256 = sha256();
    long bytes = 0;
    Duration firstByte = Duration.ZERO;
    try (InputStream body = answer.body()) {
      byte[] buffer = new byte[BUFFER_BYTES];
      for (int got = body.read(buffer); got >= 0; got = body.read(buffer)) {
        if (bytes == 0) {
          firstByte = since(start);
        }
        sha256.update(buffer, 0, got);
        bytes += got;
      }
    }
    return new Download(
        answer.statusCode(),
        bytes,
        Digest.of(sha256.digest()),
        firstByte,
        since(start),
        answer.headers().firstValue("X-Larder-Cache").orElse("-"));
  }

  private static Duration since(long start) {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
