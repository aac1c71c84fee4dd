package dev.larder.demo;

import com.sun.net.httpserver.HttpExchange;
import dev.larder.content.Commit;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** One request to the demo's hub and the ways to answer it. Closes the exchange in every answer. */
final class HubCall {
  static final JsonMapper JSON = JsonMapper.shared();

  private final HttpExchange exchange;

  HubCall(HttpExchange exchange) {
    this.exchange = exchange;
  }

  String method() {
    return exchange.getRequestMethod();
  }

  boolean isHead() {
    return method().equals("HEAD");
  }

  String rawPath() {
    return exchange.getRequestURI().getRawPath();
  }

  /** Raw path segments, each decoded once: a revision's {@code %2F} does not part it. */
  List<String> segments() {
    return Arrays.stream(rawPath().substring(1).split("/", -1)).map(HubCall::decodedPath).toList();
  }

  Map<String, String> query() {
    return form(exchange.getRequestURI().getRawQuery());
  }

  @Nullable String header(String name) {
    return exchange.getRequestHeaders().getFirst(name);
  }

  byte[] body() throws IOException {
    return exchange.getRequestBody().readNBytes(1 << 20);
  }

  HubCall with(String name, String value) {
    exchange.getResponseHeaders().set(name, value);
    return this;
  }

  void json(Object document) throws IOException {
    with("Content-Type", "application/json; charset=utf-8");
    bytes(200, JSON.writeValueAsBytes(document));
  }

  void redirect(int status, String location) throws IOException {
    with("Location", location).with("Content-Type", "text/plain; charset=utf-8");
    bytes(status, "Found. Redirecting\n".getBytes(StandardCharsets.US_ASCII));
  }

  /** The hub's error contract: headers for HEAD, and a JSON body that says the same. */
  void error(int status, @Nullable String code, String message) throws IOException {
    if (code != null) {
      with("X-Error-Code", code);
    }
    with("X-Error-Message", message).with("Content-Type", "application/json; charset=utf-8");
    bytes(status, JSON.writeValueAsBytes(Map.of("error", message)));
  }

  void entryNotFound(Commit commit) throws IOException {
    with("X-Repo-Commit", commit.hex()).error(404, "EntryNotFound", "Entry not found");
  }

  void bytes(int status, byte[] body) throws IOException {
    headOnly(status, body.length);
    if (!isHead() && body.length > 0) {
      exchange.getResponseBody().write(body);
    }
    exchange.close();
  }

  /** Sends the head; what {@link #stream()} then gets must be {@code length} bytes. */
  void headOnly(int status, long length) throws IOException {
    if (isHead()) {
      with("Content-Length", Long.toString(length));
    }
    exchange.sendResponseHeaders(status, isHead() || length == 0 ? -1 : length);
  }

  OutputStream stream() {
    return exchange.getResponseBody();
  }

  void close() {
    exchange.close();
  }

  /** {@code a=1&b=2}, decoded; of a repeated name the last value. */
  static Map<String, String> form(@Nullable String raw) {
    Map<String, String> values = new HashMap<>();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      values.put(decodedForm(name), equals < 0 ? "" : decodedForm(pair.substring(equals + 1)));
    }
    return values;
  }

  static String decodedForm(String raw) {
    return URLDecoder.decode(raw, StandardCharsets.UTF_8);
  }

  /** A path's {@code +} is a plus. */
  private static String decodedPath(String raw) {
    return decodedForm(raw.replace("+", "%2B"));
  }
}
