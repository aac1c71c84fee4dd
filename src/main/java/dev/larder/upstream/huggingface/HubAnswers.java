package dev.larder.upstream.huggingface;

import dev.larder.content.Commit;
import dev.larder.upstream.Fields;
import dev.larder.upstream.UpstreamException.UpstreamLied;
import dev.larder.upstream.UpstreamException.UpstreamRefused;
import dev.larder.upstream.WireResponse;
import java.util.Optional;

/** Reads what every answer of a hub may carry. */
final class HubAnswers {
  private static final int LONGEST_WORDS = 500;

  private HubAnswers() {}

  static Optional<Commit> commit(Fields fields) {
    return fields.find("X-Repo-Commit").filter(Commit::looksLike).map(Commit::new);
  }

  /** Whether it is a "no" that the hub means. That a range is none says nothing of the file. */
  static boolean refusal(WireResponse response) {
    return response.status() >= 400
        && response.status() < 500
        && response.status() != 416
        && !response.busy();
  }

  /** Whether a hub gives its reason, and not some host that knows nothing of repos. */
  static boolean hasCode(WireResponse response) {
    return response.fields().find("X-Error-Code").isPresent();
  }

  static <T> Found<T> refused(WireResponse response) {
    Fields fields = response.fields();
    return new Found.Not<>(
        new Found.Refusal(
            response.status(),
            words(fields, "X-Error-Code"),
            words(fields, "X-Error-Message"),
            commit(fields)));
  }

  /** Bytes were due, and were refused. */
  static UpstreamRefused noBytes(WireResponse response, String what) {
    return new UpstreamRefused(
        "Tried to get %s from %s, but it answered %d. Check that the token may read this repo and that the file is still there."
            .formatted(what, response.origin(), response.status()),
        response.status());
  }

  /** Identity was asked for: anything else would not be the bytes. */
  static void checkPlain(WireResponse response, String what) {
    String encoding = response.fields().find("Content-Encoding").orElse("identity");
    if (!encoding.equalsIgnoreCase("identity")) {
      throw lied(response, what, "it is encoded although that was not asked for");
    }
  }

  static UpstreamLied lied(WireResponse response, String what, String reason) {
    return new UpstreamLied(
        "Tried to get %s from %s, but its answer cannot be right: %s. Is this address really a hub?"
            .formatted(what, response.origin(), reason));
  }

  private static String words(Fields fields, String name) {
    String words = fields.find(name).orElse("");
    return words.length() > LONGEST_WORDS ? words.substring(0, LONGEST_WORDS) : words;
  }
}
