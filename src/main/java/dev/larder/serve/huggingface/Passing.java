package dev.larder.serve.huggingface;

import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.CacheState;
import dev.larder.mirror.Caller;
import dev.larder.mirror.HubMirror;
import dev.larder.upstream.huggingface.Found;
import dev.larder.upstream.huggingface.PassRequest;
import dev.larder.upstream.huggingface.Passed;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** Puts a client's read to the hub as it came and gives its answer on. */
final class Passing {
  /** What a client wants; nothing of who it is, for redirects take these along. */
  private static final List<String> WISHES =
      List.of("Range", "If-Range", "If-None-Match", "If-Modified-Since");

  private static final List<String> GIT_WISHES =
      List.of("Git-Protocol", "Content-Type", "Content-Encoding");

  /** Of git's question which commits it has; the answer is not limited. */
  private static final int LONGEST_QUESTION = 4 << 20;

  private static final int LONGEST_VALUE = 1000;

  private final HubMirror mirror;

  Passing(HubMirror mirror) {
    this.mirror = mirror;
  }

  Reply pass(Request request, HubRoute.Pass route, Caller caller) {
    Map<String, String> headers = wishes(request, WISHES);
    headers.put("Accept", accept(request));
    PassRequest asked =
        new PassRequest(request.method(), route.path(), request.rawQuery(), headers, null, false);
    return switch (mirror.pass(() -> asked, caller)) {
      case Found.Here<Passed>(Passed passed) -> reply(request, passed);
      case Found.Not<Passed>(Found.Refusal reason) -> HubErrors.plainRefusal(request, reason);
    };
  }

  Reply git(Request request, HubRoute.Git route, Caller caller) {
    Map<String, String> headers = wishes(request, GIT_WISHES);
    headers.put("Accept", accept(request));
    Supplier<PassRequest> asked =
        () -> {
          byte[] body = route.pack() ? request.body(LONGEST_QUESTION) : null;
          return new PassRequest(
              request.method(), route.path(), request.rawQuery(), headers, body, true);
        };
    return switch (mirror.pass(asked, caller)) {
      case Found.Here<Passed>(Passed passed) -> reply(request, passed);
      case Found.Not<Passed>(Found.Refusal reason) -> HubErrors.gitRefusal(request, reason);
    };
  }

  private static Map<String, String> wishes(Request request, List<String> names) {
    Map<String, String> wishes = new LinkedHashMap<>();
    for (String name : names) {
      String value = request.header(name);
      if (value != null && fit(value)) {
        wishes.put(name, value);
      }
    }
    return wishes;
  }

  private static boolean fit(String value) {
    return value.length() <= LONGEST_VALUE && value.chars().allMatch(c -> c >= 0x20 && c <= 0x7e);
  }

  /** Whoever would take a way to Xet gets the bytes. */
  private static String accept(Request request) {
    String header = request.header("Accept");
    String wanted =
        header == null || !fit(header)
            ? ""
            : Arrays.stream(header.split(",", -1))
                .map(String::strip)
                .filter(type -> !type.isEmpty() && !type.toLowerCase(Locale.ROOT).contains("xet"))
                .collect(Collectors.joining(", "));
    return wanted.isEmpty() ? "*/*" : wanted;
  }

  static Reply reply(Request request, Passed passed) {
    Headers headers = new Headers().addText("Content-Type", passed.contentType());
    DocumentAnswers.passOn(passed.headers(), headers);
    DocumentAnswers.linkNext(request, passed.nextQuery(), headers);
    headers
        // What a page of the hub holds is its authors': here it must not act as a page of Larder.
        .add("Content-Security-Policy", Headers.NOTHING_RUNS)
        .add("Cache-Control", "no-store")
        .add("X-Larder-Cache", CacheState.BYPASS.name());
    if (hasNoBody(request, passed)) {
      passed.close();
      return new Reply.Head(passed.status(), headers.list(), passed.sizeBytes());
    }
    if (passed.sizeBytes() >= 0) {
      headers.add("Content-Length", Long.toString(passed.sizeBytes()));
    }
    return new Reply.Stream(
        passed.status(),
        headers.list(),
        sink -> {
          try (passed) {
            passed.writeTo(new SinkStream(sink));
          }
        });
  }

  private static boolean hasNoBody(Request request, Passed passed) {
    return request.method().equals("HEAD") || passed.status() == 204 || passed.status() == 304;
  }

  /** A sink as a stream. Its failures are not {@link java.io.IOException}s. */
  private static final class SinkStream extends OutputStream {
    private final Reply.StreamSink sink;

    SinkStream(Reply.StreamSink sink) {
      this.sink = sink;
    }

    @Override
    public void write(int value) {
      sink.write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      sink.write(bytes, offset, length);
    }
  }
}
