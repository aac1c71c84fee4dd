package dev.larder.app;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;

/**
 * What a client got. {@code complete}: the body ended as its length had promised. {@code
 * firstByteNanos}: when its first byte came, as {@link System#nanoTime} has it; 0 when none came.
 */
record Got(int status, HttpHeaders headers, byte[] body, boolean complete, long firstByteNanos) {
  String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  String cache() {
    return header("X-Larder-Cache");
  }

  String text() {
    return new String(body, StandardCharsets.UTF_8);
  }
}
