package dev.larder.serve.huggingface;

import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.CacheState;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.util.Map;

/** Turns a document of the hub's API into an answer. */
final class DocumentAnswers {
  /** What clients read beside the body, as they should be written. */
  private static final Map<String, String> PASSED =
      Map.of(
          "etag", "ETag",
          "x-repo-commit", "X-Repo-Commit",
          "x-total-count", "X-Total-Count",
          "content-disposition", "Content-Disposition");

  private DocumentAnswers() {}

  static Reply reply(
      Request request, DocumentRequest question, Document document, CacheState state) {
    Headers headers = new Headers().add("Content-Type", document.contentType());
    document
        .headers()
        .forEach(
            (name, value) -> {
              String known = PASSED.get(name);
              if (known != null) {
                headers.addText(known, value);
              }
            });
    // The next page is asked for here, never at the upstream: clients send their token along.
    document
        .nextQuery()
        .ifPresent(
            query ->
                headers.addAddress(
                    "Link",
                    "<"
                        + request.publicUrl()
                        + request.rawPath()
                        + "?"
                        + query
                        + ">; rel=\"next\""));
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
}
