package dev.larder.serve.huggingface;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** Names as addresses have them. */
final class Addresses {
  private Addresses() {}

  /** Percent-encoded, but for its slashes. */
  static String path(String path) {
    return URLEncoder.encode(path, StandardCharsets.UTF_8).replace("+", "%20").replace("%2F", "/");
  }
}
