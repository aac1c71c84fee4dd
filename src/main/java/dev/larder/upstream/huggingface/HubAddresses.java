package dev.larder.upstream.huggingface;

import dev.larder.content.RepoId;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a hub keeps what, below a base address that may have a path of its own. */
record HubAddresses(String base) {
  private static final String PLAIN = "-._~";

  static HubAddresses below(URI base) {
    String text = base.toString();
    return new HubAddresses(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }

  /** {@code resolve} or {@code raw} of one file. */
  URI file(RepoId repo, String route, String revision, String path) {
    return URI.create(base + "/" + repo + "/" + route + "/" + segment(revision) + "/" + path(path));
  }

  /** {@code /api/models/org/name}, then {@code parts}, each one segment. */
  URI api(RepoId repo, String query, String... parts) {
    String below = Stream.of(parts).map(part -> "/" + segment(part)).collect(Collectors.joining());
    return withQuery("/api/" + repo.kind().plural() + "/" + repo.name() + below, query);
  }

  URI withQuery(String route, String query) {
    return URI.create(base + route + (query.isEmpty() ? "" : "?" + query));
  }

  private static String path(String path) {
    return Stream.of(path.split("/", -1))
        .map(HubAddresses::segment)
        .collect(Collectors.joining("/"));
  }

  /** Percent-encoded as one segment, slashes too: a revision is one. */
  static String segment(String text) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      int c = b & 0xff;
      if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
        out.append((char) c);
      } else {
        out.append('%').append(java.util.HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
