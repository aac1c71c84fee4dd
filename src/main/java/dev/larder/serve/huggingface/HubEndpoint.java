package dev.larder.serve.huggingface;

import dev.larder.content.LarderException;
import dev.larder.http.Endpoint;
import dev.larder.http.Header;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.Answer;
import dev.larder.mirror.CacheState;
import dev.larder.mirror.Caller;
import dev.larder.mirror.DocumentAnswer;
import dev.larder.mirror.EntryRequest;
import dev.larder.mirror.HubMirror;
import dev.larder.upstream.huggingface.Document;
import dev.larder.upstream.huggingface.DocumentRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The Hugging Face Hub's read side under {@code /hf}: what {@code HF_ENDPOINT} points to. Safe for
 * concurrent use.
 */
public final class HubEndpoint implements Endpoint {
  private static final String PREFIX = "hf";
  private static final Reply PREFLIGHT =
      new Reply.Head(
          204,
          List.of(
              Headers.ANY_ORIGIN,
              Header.of("Access-Control-Allow-Methods", "GET, HEAD, POST, OPTIONS"),
              Header.of(
                  "Access-Control-Allow-Headers",
                  "Authorization, Range, If-Range, If-None-Match, Accept, Content-Type, User-Agent,"
                      + " X-Requested-With"),
              Header.of("Access-Control-Max-Age", "86400")),
          0);

  private final HubMirror mirror;
  private final HotRoutes hot = new HotRoutes();

  public HubEndpoint(HubMirror mirror) {
    this.mirror = mirror;
  }

  @Override
  public String prefix() {
    return PREFIX;
  }

  @Override
  public @Nullable Reply peek(Request request) {
    String method = request.method();
    if (method.equals("OPTIONS")) {
      return PREFLIGHT;
    }
    HotRoutes.File file = isRead(method) ? hot.find(request) : null;
    return file == null ? peekNew(request) : peekFile(request, file);
  }

  /** An address that was not seen lately. */
  private @Nullable Reply peekNew(Request request) {
    return switch (route(request)) {
      case HubRoute.Unknown(String why) -> HubErrors.unknown(request, why);
      case HubRoute.Resolve file -> peekFile(request, hot.remember(request, file));
      case HubRoute.Ask _, HubRoute.PathsInfo _, HubRoute.Bad _ -> null;
    };
  }

  private @Nullable Reply peekFile(Request request, HotRoutes.File file) {
    Optional<Caller> caller = HubCaller.of(request);
    if (caller.isEmpty()) {
      return HubErrors.badToken(request);
    }
    Conditions conditions = Conditions.of(request);
    Answer answer = mirror.peek(question(request, file, conditions, caller.get()));
    return answer == null ? null : FileAnswers.reply(request, file, conditions, answer);
  }

  @Override
  public Reply answer(Request request) {
    Optional<Caller> caller = HubCaller.of(request);
    if (caller.isEmpty()) {
      return HubErrors.badToken(request);
    }
    return switch (route(request)) {
      case HubRoute.Resolve file -> file(request, new HotRoutes.File(file), caller.get());
      case HubRoute.Ask(DocumentRequest question) -> document(request, question, caller.get());
      case HubRoute.PathsInfo(var repo, var revision) ->
          document(request, PathsQuestion.read(request, repo, revision), caller.get());
      case HubRoute.Unknown(String why) -> HubErrors.unknown(request, why);
      case HubRoute.Bad(var reason) -> throw reason;
    };
  }

  private Reply file(Request request, HotRoutes.File file, Caller caller) {
    Conditions conditions = Conditions.of(request);
    Answer answer = mirror.open(question(request, file, conditions, caller));
    return FileAnswers.reply(request, file, conditions, answer);
  }

  private static EntryRequest question(
      Request request, HotRoutes.File file, Conditions conditions, Caller caller) {
    HubRoute.Resolve route = file.route();
    return new EntryRequest(
        route.repo(),
        route.revision(),
        route.path(),
        conditions.range(),
        request.method().equals("HEAD"),
        caller,
        conditions.condition());
  }

  private Reply document(Request request, DocumentRequest question, Caller caller) {
    return switch (mirror.document(question, caller)) {
      case DocumentAnswer.Here(Document document, CacheState state) ->
          DocumentAnswers.reply(request, question, document, state);
      case DocumentAnswer.Refused(var reason, CacheState state) ->
          HubErrors.refusal(request, reason, state);
    };
  }

  @Override
  public Reply failure(Request request, LarderException failure, int status) {
    return HubErrors.failure(request, failure, status);
  }

  private static HubRoute route(Request request) {
    List<String> segments = request.rawSegments();
    HubRoute route =
        HubRoutes.parse(segments.subList(1, segments.size()), request.rawQuery(), request::decoded);
    boolean allowed =
        route instanceof HubRoute.PathsInfo
            ? request.method().equals("POST")
            : isRead(request.method());
    return allowed || route instanceof HubRoute.Unknown
        ? route
        : new HubRoute.Unknown(
            "Larder serves the read side of the hub; this path has no " + request.method() + ".");
  }

  private static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }
}
