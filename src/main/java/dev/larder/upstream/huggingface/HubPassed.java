package dev.larder.upstream.huggingface;

import dev.larder.upstream.Redirects.Landing;
import dev.larder.upstream.WireBody;
import dev.larder.upstream.WireRequest;
import dev.larder.upstream.WireResponse;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/** An answer that passes through: JSON is copied without Xet, anything else byte by byte. */
final class HubPassed implements Passed {
  private static final int PIECE_BYTES = 64 << 10;
  private static final List<String> KEPT_FIELDS =
      List.of(
          "etag",
          "last-modified",
          "x-repo-commit",
          "x-linked-etag",
          "x-linked-size",
          "x-total-count",
          "x-hf-warning",
          "content-disposition",
          "content-range",
          "accept-ranges");

  private final WireRequest request;
  private final Landing landing;
  private final String contentType;
  private final Map<String, String> headers;
  private final Optional<String> nextQuery;

  private HubPassed(
      WireRequest request,
      Landing landing,
      String contentType,
      Map<String, String> headers,
      Optional<String> nextQuery) {
    this.request = request;
    this.landing = landing;
    this.contentType = contentType;
    this.headers = headers;
    this.nextQuery = nextQuery;
  }

  /** Throws {@code UpstreamLied} for what cannot be passed on. Closes nothing. */
  static HubPassed of(WireRequest request, Landing landing, Map<String, String> linked) {
    WireResponse response = landing.response();
    String what = request.what();
    HubAnswers.checkPlain(response, what);
    String type = response.fields().find("Content-Type").orElse("application/octet-stream");
    if (response.status() < 200 || response.redirect()) {
      throw HubAnswers.lied(response, what, "it is no answer");
    }
    if (type.toLowerCase(Locale.ROOT).contains("xet")) {
      throw HubAnswers.lied(response, what, "it is a way to Xet, which was not asked for");
    }
    if (isJson(type) && response.status() == 206) {
      throw HubAnswers.lied(response, what, "it is a part of a document");
    }
    Map<String, String> headers = new LinkedHashMap<>(linked);
    KEPT_FIELDS.forEach(
        name -> response.fields().find(name).ifPresent(v -> headers.putIfAbsent(name, v)));
    return new HubPassed(
        request, landing, type, Map.copyOf(headers), HubListing.nextQuery(response.fields(), what));
  }

  private static boolean isJson(String type) {
    int semicolon = type.indexOf(';');
    String bare = (semicolon < 0 ? type : type.substring(0, semicolon)).strip();
    String lower = bare.toLowerCase(Locale.ROOT);
    return lower.equals("application/json") || lower.endsWith("+json");
  }

  @Override
  public int status() {
    return landing.response().status();
  }

  @Override
  public String contentType() {
    return contentType;
  }

  @Override
  public Map<String, String> headers() {
    return headers;
  }

  @Override
  public Optional<String> nextQuery() {
    return nextQuery;
  }

  @Override
  public long sizeBytes() {
    if (isJson(contentType)) {
      return -1; // Before Xet is left out of it nobody knows.
    }
    return request.method().equals("HEAD")
        ? landing.response().fields().find("Content-Length").map(HubPassed::number).orElse(-1L)
        : landing.response().body().declaredBytes();
  }

  private static long number(String text) {
    return text.matches("[0-9]{1,18}") ? Long.parseLong(text) : -1;
  }

  @Override
  public void writeTo(OutputStream out) {
    if (isJson(contentType)) {
      json(out);
    } else {
      bytes(out);
    }
  }

  private void json(OutputStream out) {
    try {
      JsonPages json = JsonPages.document(out);
      json.pass(new BodyStream(landing.response().body()));
      json.close();
    } catch (JacksonException e) {
      throw HubListing.broken(request.what(), "it is not the JSON that it says it is");
    }
  }

  private void bytes(OutputStream out) {
    WireBody body = landing.response().body();
    byte[] piece = new byte[PIECE_BYTES];
    try {
      for (int count; (count = body.read(piece, 0, piece.length)) >= 0; ) {
        out.write(piece, 0, count);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    landing.close();
  }

  /** The body as Jackson reads it; its failures are not {@link IOException}s. */
  private static final class BodyStream extends InputStream {
    private final WireBody body;

    BodyStream(WireBody body) {
      this.body = body;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      int count;
      do {
        count = body.read(one, 0, 1);
      } while (count == 0);
      return count < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) {
      return body.read(target, offset, length);
    }
  }
}
