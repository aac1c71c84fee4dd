package dev.larder.serve.huggingface;

import dev.larder.content.InvalidName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Paths and queries of the hub: a route, none, or a name that is none. */
public final class RouteFuzz {
  private static final Path ROOT = Path.of("/of/all");

  private RouteFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String text = new String(input, StandardCharsets.ISO_8859_1);
    int mark = text.indexOf('?');
    String path = mark < 0 ? text : text.substring(0, mark);
    String query = mark < 0 ? "" : text.substring(mark + 1);
    HubRoute route = HubRoutes.parse(List.of(path.split("/", -1)), query, RouteFuzz::decode);
    if (route instanceof HubRoute.Resolve resolve) {
      Path file = ROOT.resolve(resolve.path().toString());
      if (!file.normalize().equals(file) || !file.startsWith(ROOT) || file.equals(ROOT)) {
        throw new IllegalStateException(resolve + " leaves its directory");
      }
    }
    try {
      Query.fields(query);
    } catch (InvalidName _) {
      // Refused as it should be.
    }
  }

  private static Optional<String> decode(String raw) {
    try {
      return Optional.of(URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
