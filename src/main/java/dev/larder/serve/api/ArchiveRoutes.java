package dev.larder.serve.api;

import dev.larder.content.LarderException;
import dev.larder.http.Header;
import dev.larder.http.HttpException;
import dev.larder.http.Reply;
import dev.larder.mirror.Caller;
import dev.larder.provision.Archives;
import dev.larder.provision.Archives.Follower;
import dev.larder.serve.api.ArchiveMessages.Event;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/store/backup}, {@code restore}, {@code import}, {@code export}. They read and write
 * files by name with the rights of the server's user, so only who knows the secret of {@code LOCK}
 * gets here: that is judged before.
 */
final class ArchiveRoutes {
  private static final Set<String> PATHS =
      Set.of("/api/store/backup", "/api/store/restore", "/api/store/import", "/api/store/export");
  private static final long STEP_BYTES = 32L << 20;
  private static final List<Header> LINES =
      List.of(
          Header.of("Content-Type", "application/x-ndjson"),
          Header.of("Cache-Control", "no-store"));

  private final StoreService service;

  ArchiveRoutes(StoreService service) {
    this.service = service;
  }

  static boolean isOne(String method, String rawPath) {
    return method.equals("POST") && PATHS.contains(rawPath);
  }

  Reply answer(String rawPath, TokenRoutes.Body body, Function<Boolean, Caller> caller) {
    return switch (rawPath) {
      case "/api/store/backup" -> {
        var call = body.read(ArchiveMessages.Backup.class);
        var request = new Archives.BackupRequest(path(call.file()), call.repos(), call.overwrite());
        yield lines(follower -> Event.of(archives(caller.apply(true)).backup(request, follower)));
      }
      case "/api/store/restore" -> {
        var call = body.read(ArchiveMessages.Restore.class);
        var request = new Archives.RestoreRequest(path(call.file()), call.dryRun());
        yield lines(follower -> Event.of(archives(caller.apply(true)).restore(request, follower)));
      }
      case "/api/store/import" -> {
        var call = body.read(ArchiveMessages.Import.class);
        var request =
            new Archives.ImportRequest(
                path(call.directory()),
                Optional.ofNullable(call.as()),
                said(call.revision(), "revision"),
                call.copy());
        Caller who = caller.apply(call.offline());
        yield lines(follower -> Event.of(archives(who).take(request, follower)));
      }
      case "/api/store/export" -> {
        var call = body.read(ArchiveMessages.Export.class);
        var request =
            new Archives.ExportRequest(
                said(call.repo(), "repo"),
                Optional.ofNullable(call.revision()),
                path(call.directory()),
                call.overwrite());
        yield lines(follower -> Event.of(archives(caller.apply(true)).export(request, follower)));
      }
      default ->
          throw new HttpException.NoSuchPath("The API has no such path, or not for this method.");
    };
  }

  private Archives archives(Caller caller) {
    return service.archives(caller);
  }

  private static <T> T said(@Nullable T value, String what) {
    if (value == null) {
      throw new HttpException.BadRequest("The request does not say its %s.".formatted(what));
    }
    return value;
  }

  /** A relative one would mean another directory here than where the command runs. */
  private static Path path(@Nullable String text) {
    try {
      Path path = Path.of(said(text, "file or directory"));
      if (path.isAbsolute()) {
        return path.normalize();
      }
    } catch (InvalidPathException _) {
      // As any other that is none.
    }
    throw new HttpException.BadRequest("The path of the file or directory must be absolute.");
  }

  private static Reply lines(Function<Follower, Event> work) {
    return new Reply.Stream(
        200,
        LINES,
        sink -> {
          Emitter emitter =
              event -> {
                byte[] line =
                    (StoreJson.MAPPER.writeValueAsString(event) + "\n")
                        .getBytes(StandardCharsets.UTF_8);
                sink.write(line, 0, line.length);
              };
          try {
            emitter.emit(work.apply(new Steps(emitter)));
          } catch (LarderException e) {
            emitter.emit(Event.failed(e.code(), e.explanation()));
          }
        });
  }

  private interface Emitter {
    void emit(Event event);
  }

  /** A line for each step of some bytes, not for each block. */
  private static final class Steps implements Follower {
    private final Emitter emitter;
    private long toldBytes = -STEP_BYTES;

    Steps(Emitter emitter) {
      this.emitter = emitter;
    }

    @Override
    public void progress(String name, long doneBytes, long totalBytes) {
      if (doneBytes - toldBytes >= STEP_BYTES) {
        toldBytes = doneBytes;
        emitter.emit(Event.moved(name, doneBytes, totalBytes));
      }
    }
  }
}
