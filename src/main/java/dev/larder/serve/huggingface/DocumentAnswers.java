package dev.larder.serve.huggingface;

import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.CacheState;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns a document of the hub's API into an answer. */
final class DocumentAnswers {
  /** What clients read beside the body, as they should be written. */
  private static final Map<String, String> PASSED =
      Map.of(
          "etag", "ETag",
          "last-modified", "Last-Modified",
          "x-repo-commit", "X-Repo-Commit",
          "x-linked-etag", "X-Linked-Etag",
          "x-linked-size", "X-Linked-Size",
          "x-total-count", "X-Total-Count",
          "content-disposition", "Content-Disposition",
          "content-range", "Content-Range",
          "accept-ranges", "Accept-Ranges");

  private static final Pattern JSON =
      Pattern.compile("(?i)application/([a-z0-9.-]+\\+)?json\\s*(;.*)?");
  private static final Pattern PLAIN =
      Pattern.compile("(?i)(text/plain|application/octet-stream)\\s*(;.*)?");

  private DocumentAnswers() {}

  /** The upstream's word, unless it would make a page of it. */
  private static String type(DocumentRequest question, Document document) {
    String type = document.contentType();
    boolean text =
        question instanceof DocumentRequest.Raw || question instanceof DocumentRequest.AuthCheck;
    Pattern harmless = text ? PLAIN : JSON;
    if (harmless.matcher(type).matches()) {
      return type;
    }
    return text ? "application/octet-stream" : "application/json; charset=utf-8";
  }

  static Reply reply(
      Request request, DocumentRequest question, Document document, CacheState state) {
    Headers headers =
        new Headers()
            .add("Content-Type", type(question, document))
            .add("Content-Security-Policy", Headers.NOTHING_RUNS);
    passOn(document.headers(), headers);
    linkNext(request, document.nextQuery(), headers);
    headers
        .add(
            "Cache-Control",
            question.commit().isPresent() ? "max-age=31536000, immutable" : "no-cache")
        .add("X-Larder-Cache", state.name());
    if (state == CacheState.STALE) {
      headers.add("X-HF-Warning", HubErrors.STALE_WARNING);
    }
    return new Reply.Bytes(200, headers.list(), document.body());
  }

  static void passOn(Map<String, String> said, Headers headers) {
    said.forEach(
        (name, value) -> {
          String known = PASSED.get(name);
          if (known != null) {
            headers.addText(known, value);
          }
        });
  }

  /** The next page is asked for here, never at the upstream: clients send their token along. */
  static void linkNext(Request request, Optional<String> nextQuery, Headers headers) {
    nextQuery.ifPresent(
        query ->
            headers.addAddress(
                "Link",
                "<" + request.publicUrl() + request.rawPath() + "?" + query + ">; rel=\"next\""));
  }
}
