package dev.larder.serve.huggingface;

import dev.larder.access.AccessException;
import dev.larder.access.Identities;
import dev.larder.content.LarderException;
import dev.larder.http.Endpoint;
import dev.larder.http.Header;
import dev.larder.http.Problems;
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
import dev.larder.upstream.huggingface.Found;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  private static final int UNAUTHORIZED = 401;

  /** Statuses of answers for which the hub could not be asked. */
  private static final Set<Integer> UNASKED = Set.of(502, 503, 504);

  private static final HubRoute NOT_PASSED =
      new HubRoute.Unknown(
          "Larder does not answer this path of the hub, and LARDER_HUB_PASSTHROUGH is off.");

  private final HubMirror mirror;
  private final HubCaller callers;
  private final Identities identities;
  private final Passing passing;
  private final Lfs lfs;
  private final boolean passThrough;
  private final HotRoutes hot = new HotRoutes();

  /** {@code passThrough}: reads that are none of Larder's own are put to the hub. */
  public HubEndpoint(HubMirror mirror, Identities identities, boolean passThrough) {
    this.mirror = mirror;
    this.callers = new HubCaller(identities);
    this.identities = identities;
    this.passing = new Passing(mirror);
    this.lfs = new Lfs(mirror);
    this.passThrough = passThrough;
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
    // What stands behind a '?' is read with the rest of the address.
    boolean plain = isRead(method) && request.rawQuery().isEmpty();
    HotRoutes.File file = plain ? hot.find(request) : null;
    return file == null ? peekNew(request) : peekFile(request, file);
  }

  /** An address that was not seen lately. */
  private @Nullable Reply peekNew(Request request) {
    return switch (route(request)) {
      case HubRoute.Unknown(String why) -> HubErrors.unknown(request, why);
      case HubRoute.Write _ -> HubErrors.write(request);
      case HubRoute.Push _ -> HubErrors.push();
      case HubRoute.Resolve file -> peekFile(request, hot.remember(request, file));
      case HubRoute.Ask _,
          HubRoute.PathsInfo _,
          HubRoute.Pass _,
          HubRoute.Git _,
          HubRoute.LfsBatch _,
          HubRoute.LfsObject _,
          HubRoute.Bad _ ->
          null;
    };
  }

  private @Nullable Reply peekFile(Request request, HotRoutes.File file) {
    Optional<Caller> caller = callers.of(request);
    if (caller.isEmpty()) {
      return HubErrors.badToken(request);
    }
    Conditions conditions = Conditions.of(request);
    Answer answer = mirror.peek(question(request, file, conditions, caller.get()));
    return answer == null || isUnknown(answer)
        ? null
        : reply(request, file, conditions, caller.get(), answer);
  }

  /** The hub did not know the token: that is counted, which is not for here. */
  private static boolean isUnknown(Answer answer) {
    return answer instanceof Answer.Refused(Found.Refusal reason, _)
        && reason.status() == UNAUTHORIZED;
  }

  @Override
  public Reply answer(Request request) {
    HubRoute route = route(request);
    return callers
        .of(request)
        .map(caller -> answerCounted(request, route, caller))
        .orElseGet(() -> badToken(request, route));
  }

  /** As far as the answer tells that the token is not the admin's. */
  private Reply answerCounted(Request request, HubRoute route, Caller caller) {
    Reply reply;
    try {
      reply = answer(request, route, caller);
    } catch (LarderException e) {
      if (UNASKED.contains(Problems.status(e))) {
        boolean _ = identities.unknown(caller.principal(), request.peer());
      }
      throw e;
    }
    if (reply.status() == UNAUTHORIZED && identities.unknown(caller.principal(), request.peer())) {
      throw new AccessException.TooManyGuesses();
    }
    return reply;
  }

  private Reply answer(Request request, HubRoute route, Caller caller) {
    return switch (route) {
      case HubRoute.Resolve file -> file(request, new HotRoutes.File(file), caller);
      case HubRoute.Ask(DocumentRequest question) -> document(request, question, caller);
      case HubRoute.PathsInfo(var repo, var revision) ->
          document(request, PathsQuestion.read(request, repo, revision), caller);
      case HubRoute.Pass pass -> passing.pass(request, pass, caller);
      case HubRoute.Git git -> passing.git(request, git, caller);
      case HubRoute.LfsBatch batch -> lfs.batch(request, batch, caller);
      case HubRoute.LfsObject object -> lfs.object(request, object, caller);
      case HubRoute.Push _ -> HubErrors.push();
      case HubRoute.Write _ -> HubErrors.write(request);
      case HubRoute.Unknown(String why) -> HubErrors.unknown(request, why);
      case HubRoute.Bad(var reason) -> throw reason;
    };
  }

  private static Reply badToken(Request request, HubRoute route) {
    return switch (route) {
      case HubRoute.Git _ -> HubErrors.gitBadToken();
      case HubRoute.LfsBatch _, HubRoute.LfsObject _ -> Lfs.badToken();
      default -> HubErrors.badToken(request);
    };
  }

  private Reply file(Request request, HotRoutes.File file, Caller caller) {
    Conditions conditions = Conditions.of(request);
    Answer answer = mirror.open(question(request, file, conditions, caller));
    return reply(request, file, conditions, caller, answer);
  }

  private Reply reply(
      Request request, HotRoutes.File file, Conditions conditions, Caller caller, Answer answer) {
    return FileAnswers.reply(
        request, file, conditions, answer, () -> unkept(request, file, conditions, caller));
  }

  /** Asks once more, now past the store; what is looked at again are the rights too. */
  private Reply unkept(Request request, HotRoutes.File file, Conditions conditions, Caller caller) {
    EntryRequest question =
        question(request, file, conditions, caller).keeping(EntryRequest.Keeping.NEVER);
    return reply(request, file, conditions, caller, mirror.open(question));
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
          aboutNoRepo(question)
              ? HubErrors.plainRefusal(request, reason)
              : HubErrors.refusal(request, reason, state);
    };
  }

  private static boolean aboutNoRepo(DocumentRequest question) {
    return question instanceof DocumentRequest.WhoAmI || question instanceof DocumentRequest.Search;
  }

  @Override
  public Reply failure(Request request, LarderException failure, int status) {
    return HubErrors.failure(request, failure, status);
  }

  private HubRoute route(Request request) {
    List<String> segments = request.rawSegments();
    HubRoute route =
        HubRoutes.parse(segments.subList(1, segments.size()), request.rawQuery(), request::decoded);
    boolean allowed =
        switch (route) {
          case HubRoute.PathsInfo _, HubRoute.LfsBatch _ -> request.method().equals("POST");
          case HubRoute.Git(_, boolean pack) when pack -> request.method().equals("POST");
          case HubRoute.Unknown _, HubRoute.Push _, HubRoute.Bad _, HubRoute.Write _ -> true;
          default -> isRead(request.method());
        };
    boolean passes = route instanceof HubRoute.Pass || route instanceof HubRoute.Git;
    return !allowed ? new HubRoute.Write() : passes && !passThrough ? NOT_PASSED : route;
  }

  private static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }
}
