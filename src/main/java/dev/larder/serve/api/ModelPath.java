package dev.larder.serve.api;

import dev.larder.http.HttpException;
import dev.larder.http.Request;
import dev.larder.models.ModelName;
import java.util.List;
import java.util.Optional;

/** What an address under {@code /api} means about models. */
sealed interface ModelPath {
  /** Methods that it takes, as {@code Allow} lists them. */
  String methods();

  /** {@code /api/cache/stats}. */
  record Stats() implements ModelPath {
    @Override
    public String methods() {
      return "GET, HEAD";
    }
  }

  /** {@code /api/cache/clear}. */
  record Clear() implements ModelPath {
    @Override
    public String methods() {
      return "POST";
    }
  }

  /** {@code /api/models}. */
  record All() implements ModelPath {
    @Override
    public String methods() {
      return "GET, HEAD, POST";
    }
  }

  /** {@code /api/models/NAME}. */
  record One(ModelName name) implements ModelPath {
    @Override
    public String methods() {
      return "GET, HEAD, DELETE";
    }
  }

  /** {@code /api/models/NAME/load} and its like. */
  record Work(ModelName name, Kind kind) implements ModelPath {
    @Override
    public String methods() {
      return "POST";
    }
  }

  /** What can be done with a model. */
  enum Kind {
    PULL,
    LOAD,
    UNLOAD
  }

  /** Empty when it is about something else. Throws {@link dev.larder.content.InvalidName}. */
  static Optional<ModelPath> of(Request request) {
    List<String> path = request.rawSegments();
    return switch (request.rawPath()) {
      case "/api/cache/stats" -> Optional.of(new Stats());
      case "/api/cache/clear" -> Optional.of(new Clear());
      case "/api/models" -> Optional.of(new All());
      default -> path.get(1).equals("models") ? ofName(request, path) : Optional.empty();
    };
  }

  /** Whether {@link #of} may find something; for a look that must not throw. */
  static boolean mayBeOne(String rawPath) {
    return rawPath.equals("/api/models")
        || rawPath.startsWith("/api/models/")
        || rawPath.startsWith("/api/cache/");
  }

  private static Optional<ModelPath> ofName(Request request, List<String> path) {
    if (path.size() == 3) {
      return Optional.of(new One(name(request, path.get(2))));
    }
    if (path.size() != 4) {
      return Optional.empty();
    }
    return switch (path.get(3)) {
      case "pull" -> Optional.of(new Work(name(request, path.get(2)), Kind.PULL));
      case "load" -> Optional.of(new Work(name(request, path.get(2)), Kind.LOAD));
      case "unload" -> Optional.of(new Work(name(request, path.get(2)), Kind.UNLOAD));
      default -> Optional.empty();
    };
  }

  private static ModelName name(Request request, String segment) {
    return new ModelName(
        request
            .decoded(segment)
            .orElseThrow(
                () -> new HttpException.BadRequest("The name in the path is badly escaped.")));
  }
}
