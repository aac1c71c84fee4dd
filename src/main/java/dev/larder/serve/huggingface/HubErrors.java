package dev.larder.serve.huggingface;

import dev.larder.content.LarderException;
import dev.larder.http.Problems;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.CacheState;
import dev.larder.upstream.huggingface.Found;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Errors as the hub words them: clients decide by headers, people read the body. */
final class HubErrors {
  /** Python logs it once for each topic, the word before the semicolon. */
  static final String STALE_WARNING =
      "larder-stale; The upstream hub could not be asked, so this is what was cached before.";

  /** Python tells a bad token from a missing repo by exactly this text. */
  private static final String BAD_TOKEN = "Invalid credentials in Authorization header";

  private static final String DISABLED = "Access to this resource is disabled.";
  private static final JsonMapper JSON = JsonMapper.shared();

  private HubErrors() {}

  /** The upstream's refusal, with the code that tells clients what is missing. */
  static Reply refusal(Request request, Found.Refusal reason, CacheState state) {
    Headers headers = new Headers();
    reason.commit().ifPresent(commit -> headers.add("X-Repo-Commit", commit.hex()));
    String code = code(reason);
    if (!code.isEmpty()) {
      headers.add("X-Error-Code", code);
    }
    headers.add("X-Larder-Cache", state.name());
    if (state == CacheState.STALE) {
      headers.add("X-HF-Warning", STALE_WARNING);
    }
    return reply(request, headers, reason.status(), message(reason, code));
  }

  /**
   * Over plain http clients do not guess from the status alone, and a 404 without a code looks like
   * an outage to them, so every refusal says what it is about.
   */
  private static String code(Found.Refusal reason) {
    if (!reason.code().isEmpty()) {
      return reason.code();
    }
    return switch (reason.status()) {
      case 401 -> reason.message().equals(BAD_TOKEN) ? "" : Found.Refusal.NO_REPO;
      case 403 -> reason.message().equals(DISABLED) ? "" : Found.Refusal.GATED;
      case 404, 410 -> reason.commit().isPresent() ? Found.Refusal.NO_ENTRY : Found.Refusal.NO_REPO;
      default -> "";
    };
  }

  private static String message(Found.Refusal reason, String code) {
    if (!reason.message().isEmpty()) {
      return reason.message();
    }
    return switch (code) {
      case Found.Refusal.NO_ENTRY -> "Entry not found";
      case Found.Refusal.NO_REVISION -> "Revision not found";
      case Found.Refusal.NO_REPO -> "Repository not found";
      case Found.Refusal.GATED -> "Access to this repository is restricted";
      default -> "The upstream hub refused with status " + reason.status();
    };
  }

  static Reply failure(Request request, LarderException failure, int status) {
    Headers headers = new Headers();
    Problems.retryAfter(failure).ifPresent(delay -> headers.add("Retry-After", delay));
    return reply(request, headers, status, failure.explanation());
  }

  static Reply badToken(Request request) {
    return reply(request, new Headers(), 401, BAD_TOKEN);
  }

  static Reply unknown(Request request, String why) {
    return reply(request, new Headers(), 404, why);
  }

  private static Reply reply(Request request, Headers headers, int status, String message) {
    headers
        .addText("X-Error-Message", message)
        .add("X-Request-Id", request.id())
        .add("Content-Type", "application/json; charset=utf-8")
        .add("Cache-Control", "no-store");
    if (status == 401) {
      headers.add("WWW-Authenticate", "Bearer");
    }
    return new Reply.Bytes(
        status, headers.list(), JSON.writeValueAsBytes(Map.of("error", message)));
  }
}
