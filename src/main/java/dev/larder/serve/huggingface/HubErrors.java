package dev.larder.serve.huggingface;

import dev.larder.content.LarderException;
import dev.larder.http.Problems;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.CacheState;
import dev.larder.upstream.huggingface.Found;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import tools.jackson.databind.json.JsonMapper;

/** Errors as the hub words them: clients decide by headers, people read the body. */
final class HubErrors {
  /** Python logs it once for each topic, the word before the semicolon. */
  static final String STALE_WARNING =
      "larder-stale; The upstream hub could not be asked, so this is what was cached before.";

  /** Python tells a bad token from a missing repo by exactly this text. */
  private static final String BAD_TOKEN = "Invalid credentials in Authorization header";

  private static final String DISABLED = "Access to this resource is disabled.";

  /** A user's name and a token for the password. RFC 7617 §2. */
  static final String BASIC = "Basic realm=\"Larder\", charset=\"UTF-8\"";

  private static final int CONFLICT = 409;

  /** Where upstreams are inside the site is for its log. */
  private static final Pattern ADDRESS = Pattern.compile("\\bhttps?://[^\\s,;)]*[^\\s,;:.)]");

  private static final Set<String> OWN =
      Set.of("store-io", "store-full", "store-busy", "catalog-io", "hub-tree-io", "no-access-key");

  private static final JsonMapper JSON = JsonMapper.shared();

  private HubErrors() {}

  /** The upstream's refusal, with the code that tells clients what is missing. */
  static Reply refusal(Request request, Found.Refusal reason, CacheState state) {
    return refusal(request, reason, code(reason), state);
  }

  /** The upstream's refusal of what is about no repo: nothing is added to what it said. */
  static Reply plainRefusal(Request request, Found.Refusal reason) {
    return refusal(request, reason, reason.code(), CacheState.BYPASS);
  }

  /** The same to git, which looks for its credentials only when it is told how to show them. */
  static Reply gitRefusal(Request request, Found.Refusal reason) {
    Headers headers = new Headers();
    if (!reason.code().isEmpty()) {
      headers.add("X-Error-Code", reason.code());
    }
    return gitReply(headers, reason.status(), message(reason, reason.code()));
  }

  /** No push goes through here. Git shows its user what is plain text. */
  static Reply push() {
    return gitReply(
        new Headers(),
        403,
        "Larder serves reads only; push to the hub itself (git remote set-url).");
  }

  static Reply gitBadToken() {
    return gitReply(new Headers(), 401, BAD_TOKEN);
  }

  private static Reply gitReply(Headers headers, int status, String message) {
    headers
        .addText("X-Error-Message", message)
        .add("Content-Type", "text/plain; charset=utf-8")
        .add("Cache-Control", "no-store");
    if (status == 401) {
      headers.add("WWW-Authenticate", BASIC);
    }
    return new Reply.Bytes(
        status, headers.list(), (message + "\n").getBytes(StandardCharsets.UTF_8));
  }

  private static Reply refusal(
      Request request, Found.Refusal reason, String code, CacheState state) {
    Headers headers = new Headers();
    reason.commit().ifPresent(commit -> headers.add("X-Repo-Commit", commit.hex()));
    if (!code.isEmpty()) {
      headers.add("X-Error-Code", code);
    }
    if (!reason.concernsRepo()) { // Who may not read it learns nothing of what is cached.
      headers.add("X-Larder-Cache", state.name());
    }
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
    if (status == CONFLICT) {
      headers.add("X-Error-Code", failure.code()); // None of the hub's, which mean other things.
    }
    return reply(request, headers, status, words(failure, status));
  }

  /** What goes wrong on this machine is told with its paths in the log, and not to clients. */
  private static String words(LarderException failure, int status) {
    if (failure.code().equals("store-full")) {
      return "Larder has not enough free space for this file (store-full); who runs it has to make room.";
    }
    if (status < 500) {
      return failure.explanation(); // It may quote what was sent.
    }
    return OWN.contains(failure.code())
        ? "Larder could not answer because of a trouble of its own (%s); its log says more."
            .formatted(failure.code())
        : ADDRESS.matcher(failure.explanation()).replaceAll("the upstream");
  }

  static Reply badToken(Request request) {
    return reply(request, new Headers(), 401, BAD_TOKEN);
  }

  static Reply unknown(Request request, String why) {
    return reply(request, new Headers(), 404, why);
  }

  /** A write, whatever it is. 403: Python shows the message of that. */
  static Reply write(Request request) {
    return reply(
        request,
        new Headers(),
        403,
        "Larder serves the read side of the hub only and does not pass on this "
            + request.method()
            + "; send what changes something to the hub itself.");
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
