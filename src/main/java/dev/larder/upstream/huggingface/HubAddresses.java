package dev.larder.upstream.huggingface;

import dev.larder.content.RepoId;
import dev.larder.upstream.AddressText;
import dev.larder.upstream.huggingface.HubUpstream.Bucket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Where a hub keeps what, below a base address that may have a path of its own. */
record HubAddresses(String base) {
  private static final String PLAIN = "-._~";

  static HubAddresses below(URI base) {
    String text = base.toString();
    return new HubAddresses(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
  }

  /** Under which of the hub's limits an address falls. */
  String bucket(URI address) {
    String text = address.toString();
    boolean api = text.startsWith(base + "/api/") && !text.startsWith(base + "/api/resolve-cache/");
    return (api ? Bucket.API : Bucket.RESOLVE).word();
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

  /** {@code route} and {@code query} may come from a client as they are. */
  URI withQuery(String route, String query) {
    return URI.create(base + routeOf(route) + (query.isEmpty() ? "" : "?" + escaped(query)));
  }

  /** A path holds no brackets, which a query may. */
  private static String routeOf(String route) {
    return escaped(route).replace("?", "%3F").replace("[", "%5B").replace("]", "%5D");
  }

  private static String escaped(String text) {
    return AddressText.escaped(text, StandardCharsets.UTF_8).replace("#", "%23");
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
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(b));
      }
    }
    return out.toString();
  }
}
