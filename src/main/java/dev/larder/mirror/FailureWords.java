package dev.larder.mirror;

import dev.larder.content.LarderException;
import dev.larder.upstream.huggingface.Found;
import java.util.Map;

/**
 * Why a request was given nothing, as it is written down: the same words for the same failure,
 * however long it took and whatever address it was.
 */
final class FailureWords {
  private static final Map<String, String> WORDS =
      Map.ofEntries(
          Map.entry("rights-unknown", "Who may have it could not be asked of the hub"),
          Map.entry("upstream-unreachable", "The hub could not be reached"),
          Map.entry("upstream-timeout", "The hub did not answer in time"),
          Map.entry("upstream-busy", "The hub was busy"),
          Map.entry("upstream-throttles", "The hub limits this site"),
          Map.entry("upstream-refused", "The hub refused the bytes"),
          Map.entry("upstream-untrusted", "The hub could not prove who it is"),
          Map.entry("upstream-lied", "The hub contradicted itself"),
          Map.entry("egress-denied", "The address is none that Larder may connect to"),
          Map.entry("content-mismatch", "The bytes that came were not those that the hub named"),
          Map.entry("offline-miss", "Larder is offline, and it is not here"),
          Map.entry("store-full", "There was no room for it"),
          Map.entry("tag-moved", "The tag means another commit than it did"),
          Map.entry("repo-identity-changed", "The name belongs to another repo at the hub now"),
          Map.entry("too-many-questions", "The caller asked too much at once"));

  private FailureWords() {}

  static String of(LarderException failure) {
    return "%s ('%s').".formatted(WORDS.getOrDefault(failure.code(), "It failed"), failure.code());
  }

  static String of(Found.Refusal refusal) {
    return refusal.code().isEmpty()
        ? "The hub answered %d.".formatted(refusal.status())
        : "The hub answered %d, '%s'.".formatted(refusal.status(), refusal.code());
  }
}
