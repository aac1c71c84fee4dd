package dev.larder.cli;

import dev.larder.content.LarderException;
import java.util.Map;

/**
 * What the process ends with. Failures are mapped by {@link LarderException#code()}, because the
 * same failure may come from this process or, by name only, from a running server.
 */
final class ExitCodes {
  static final int DONE = 0;
  static final int FAILED = 1;
  static final int USAGE = 2;
  static final int INCOMPLETE = 3;
  static final int UNVERIFIED = 4;
  static final int NOT_ALLOWED = 5;
  static final int UNREACHABLE = 6;
  static final int NO_SPACE = 7;

  // Rows of the table in every --help.
  static final String DONE_ROW = "0:Done.";
  static final String FAILED_ROW = "1:Failed.";
  static final String USAGE_ROW = "2:Wrong usage, or a setting that cannot be used.";
  static final String UNVERIFIED_ROW = "4:Verification failed.";
  static final String NOT_ALLOWED_ROW = "5:Not allowed.";
  static final String UNREACHABLE_ROW = "6:Upstream unreachable, and not cached.";
  static final String NO_SPACE_TO_REMOVE_ROW =
      "7:The disk is too full to write a removal down; says which file to delete by hand.";
  static final String NO_SPACE_ROW = "7:No space.";

  private static final Map<String, Integer> BY_CODE =
      Map.ofEntries(
          Map.entry("bad-name", USAGE),
          Map.entry("bad-setting", USAGE),
          Map.entry("bad-usage", USAGE),
          Map.entry("no-such-location", USAGE),
          Map.entry("location-moved", USAGE),
          Map.entry("location-absent", FAILED),
          Map.entry("store-full", NO_SPACE),
          Map.entry("pin-limit", NO_SPACE),
          Map.entry("blob-mismatch", UNVERIFIED),
          Map.entry("content-mismatch", UNVERIFIED),
          Map.entry("archive-refused", UNVERIFIED),
          Map.entry("archive-io", FAILED),
          Map.entry("already-there", USAGE),
          Map.entry("archive-too-large", FAILED),
          Map.entry("nothing-to-import", USAGE),
          Map.entry("store-io", FAILED),
          Map.entry("store-busy", FAILED),
          Map.entry("catalog-io", FAILED),
          Map.entry("hub-tree-io", FAILED),
          Map.entry("interrupted", FAILED),
          Map.entry("client-gone", FAILED),
          Map.entry("not-found", FAILED),
          Map.entry("repo-identity-changed", FAILED),
          Map.entry("tag-moved", FAILED),
          Map.entry("still-hashing", FAILED),
          Map.entry("blob-rewritten", FAILED),
          Map.entry("model-rewritten", FAILED),
          Map.entry("models-need-server", FAILED),
          Map.entry("no-such-token", FAILED),
          Map.entry("no-such-pin", FAILED),
          Map.entry("no-such-grant", FAILED),
          Map.entry("token-exists", FAILED),
          Map.entry("no-access-key", FAILED),
          Map.entry("bad-credentials", NOT_ALLOWED),
          Map.entry("too-many-guesses", NOT_ALLOWED),
          Map.entry("not-allowed", NOT_ALLOWED),
          Map.entry("egress-denied", NOT_ALLOWED),
          Map.entry("offline-miss", UNREACHABLE),
          Map.entry("rights-unknown", UNREACHABLE),
          Map.entry("too-many-passing", UNREACHABLE),
          Map.entry("too-many-questions", UNREACHABLE),
          Map.entry("upstream-unreachable", UNREACHABLE),
          Map.entry("upstream-timeout", UNREACHABLE),
          Map.entry("upstream-untrusted", UNREACHABLE),
          Map.entry("upstream-throttles", UNREACHABLE),
          Map.entry("upstream-busy", UNREACHABLE),
          Map.entry("cooling-down", UNREACHABLE),
          Map.entry("upstream-refused", FAILED),
          Map.entry("upstream-lied", FAILED),
          // Models.
          Map.entry("model-not-registered", FAILED),
          Map.entry("model-exists", FAILED),
          Map.entry("model-not-found", FAILED),
          Map.entry("unknown-engine", USAGE),
          Map.entry("model-nothing-usable", FAILED),
          Map.entry("model-unsafe-format", FAILED),
          Map.entry("model-broken", FAILED),
          Map.entry("model-bad-input", FAILED),
          Map.entry("model-too-big", FAILED),
          Map.entry("model-memory-full", FAILED),
          Map.entry("model-still-loading", FAILED),
          Map.entry("model-load-failed", FAILED),
          Map.entry("models-closed", FAILED),
          // The server's door: a command meets them through a server, or at its start.
          Map.entry("bad-request", FAILED),
          Map.entry("body-too-large", FAILED),
          Map.entry("body-too-slow", FAILED),
          Map.entry("no-such-path", FAILED),
          Map.entry("wrong-method", FAILED),
          Map.entry("bad-parameter", FAILED),
          Map.entry("misdirected", FAILED),
          Map.entry("overloaded", FAILED),
          Map.entry("memory-short", FAILED),
          Map.entry("unexpected", FAILED),
          Map.entry("port-in-use", FAILED),
          Map.entry("cannot-listen", FAILED),
          Map.entry("too-few-descriptors", FAILED),
          // The demo.
          Map.entry("demo-model-missing", FAILED),
          Map.entry("demo-hub-failed", FAILED),
          Map.entry("demo-client-failed", FAILED),
          Map.entry("demo-story-broken", FAILED));

  private ExitCodes() {}

  static int of(LarderException failure) {
    return BY_CODE.getOrDefault(failure.code(), FAILED);
  }

  static boolean knows(String code) {
    return BY_CODE.containsKey(code);
  }
}
