package dev.larder.serve.openai;

import dev.larder.content.LarderException;
import dev.larder.http.Endpoint;
import dev.larder.http.ForeignPages;
import dev.larder.http.Header;
import dev.larder.http.HttpException;
import dev.larder.http.Reply;
import dev.larder.http.Request;
import dev.larder.mirror.Caller;
import dev.larder.models.LoadedModels;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code /v1}: {@code POST /v1/embeddings}, {@code GET /v1/models}, {@code GET /v1/models/NAME}.
 * For everybody who reaches the server; no page of another site. {@code Authorization} is not
 * looked at.
 */
public final class OpenAiEndpoint implements Endpoint {
  /** No request for embeddings may be longer. */
  private static final int LONGEST_BODY = 32 << 20;

  /** Even one that comes alone must leave most of the heap to others. */
  private static final int SHARE_OF_HEAP = 32;

  private static final int BODY_LIMIT =
      (int) Math.min(LONGEST_BODY, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);

  /**
   * For each byte of a body: two of the parser's characters while it reads a text, two of the text
   * when one of its characters is not Latin-1, less than one of an image.
   */
  private static final long BYTES_READ = 4;

  private static final List<Header> JSON =
      List.of(
          Header.of("Content-Type", "application/json"), Header.of("Cache-Control", "no-store"));
  private static final JsonMapper MAPPER =
      JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

  private final LoadedModels models;
  private final Embedding embedding;

  /** {@code site}: says whether the hub may be asked when models are brought here. */
  public OpenAiEndpoint(LoadedModels models, Caller site) {
    this.models = models;
    this.embedding = new Embedding(models, site);
  }

  @Override
  public String prefix() {
    return "v1";
  }

  @Override
  public @Nullable Reply peek(Request request) {
    return null;
  }

  @Override
  public Reply answer(Request request) {
    ForeignPages.refuse(request);
    List<String> path = request.rawSegments();
    if (request.rawPath().equals("/v1/embeddings")) {
      allow(request, request.method().equals("POST"), "POST");
      return embeddings(request);
    }
    if (path.size() >= 2 && path.get(1).equals("models")) {
      allow(request, ForeignPages.isRead(request), "GET, HEAD");
      return json(
          path.size() == 2
              ? ModelList.of(models.usable())
              : ModelList.named(name(request, path), models.usable()));
    }
    throw new HttpException.NoSuchPath(
        "Of OpenAI's API there are /v1/embeddings and /v1/models here, and nothing else.");
  }

  private Reply embeddings(Request request) {
    byte[] body = request.body(BODY_LIMIT);
    request.reserve().take(BYTES_READ * body.length);
    Question question = QuestionReader.read(body);
    return new Reply.Bytes(
        200, JSON, embedding.answer(question, request.peer(), request.reserve()));
  }

  private static void allow(Request request, boolean allowed, String methods) {
    if (!allowed) {
      throw new HttpException.WrongMethod(request.method(), methods);
    }
  }

  /** Names have slashes, which some clients escape. */
  private static String name(Request request, List<String> path) {
    return path.subList(2, path.size()).stream()
        .map(
            segment ->
                request
                    .decoded(segment)
                    .orElseThrow(
                        () ->
                            new HttpException.BadRequest("The name in the path is badly escaped.")))
        .collect(Collectors.joining("/"));
  }

  private static Reply json(Object value) {
    return new Reply.Bytes(200, JSON, MAPPER.writeValueAsBytes(value));
  }

  @Override
  public Reply failure(Request request, LarderException failure, int status) {
    return ErrorBody.of(failure, status, request.id());
  }
}
