package dev.larder.serve.huggingface;

import dev.larder.content.InvalidName;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/** Judges paths that are put to the hub as they came: none leads out of it or to Xet. Pure. */
final class PassRoutes {
  static final HubRoute NO_XET =
      new HubRoute.Unknown(
          "Larder serves files over HTTP, not over Xet; set HF_HUB_DISABLE_XET=1.");

  private static final int LONGEST = 4096;
  private static final Pattern XET = Pattern.compile("(?i)xet-[a-z]+-token");

  private PassRoutes() {}

  /** Throws {@link InvalidName} for a path that no hub has. */
  static HubRoute pass(List<String> raw, Function<String, Optional<String>> decoder) {
    for (String segment : raw) {
      String decoded = decoded(segment, decoder);
      if (XET.matcher(decoded).matches()) {
        return NO_XET;
      }
    }
    return new HubRoute.Pass(path(raw));
  }

  static HubRoute git(List<String> raw, boolean pack, Function<String, Optional<String>> decoder) {
    raw.forEach(segment -> decoded(segment, decoder));
    return new HubRoute.Git(path(raw), pack);
  }

  private static String path(List<String> raw) {
    String path = "/" + String.join("/", raw);
    if (path.length() > LONGEST) {
      throw new InvalidName("path", path, "it is longer than " + LONGEST + " characters");
    }
    return path;
  }

  private static String decoded(String raw, Function<String, Optional<String>> decoder) {
    String decoded =
        decoder
            .apply(raw)
            .orElseThrow(() -> new InvalidName("path", raw, "it is not percent-encoded UTF-8"));
    for (String part : decoded.split("/", -1)) {
      if (part.equals(".") || part.equals("..")) {
        throw new InvalidName("path", decoded, "it has a '.' or '..' of its own");
      }
    }
    if (decoded.chars().anyMatch(c -> c < 0x20 || c == 0x7f || c == '\\')) {
      throw new InvalidName("path", decoded, "it has a control character or a backslash");
    }
    return decoded;
  }
}
