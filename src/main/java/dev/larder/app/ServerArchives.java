package dev.larder.app;

import dev.larder.provision.Archives;
import dev.larder.serve.api.ArchiveMessages;
import dev.larder.serve.api.ArchiveMessages.Event;
import dev.larder.serve.api.StoreJson;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Archives made by the server that owns the store; it reads and writes their files itself. */
record ServerArchives(Calls server, boolean offline) implements Archives {
  /** Sends one call; gives every line of the answer to the handler until it answers. */
  interface Calls {
    <T> T follow(String path, Object call, Function<String, @Nullable T> handler);
  }

  @Override
  public BackupReport backup(BackupRequest request, Follower follower) {
    var call =
        new ArchiveMessages.Backup(request.file().toString(), request.repos(), request.overwrite());
    return followed("/api/store/backup", call, follower, Event::backup);
  }

  @Override
  public RestoreReport restore(RestoreRequest request, Follower follower) {
    var call = new ArchiveMessages.Restore(request.file().toString(), request.dryRun());
    return followed("/api/store/restore", call, follower, Event::restored);
  }

  @Override
  public ImportReport take(ImportRequest request, Follower follower) {
    var call =
        new ArchiveMessages.Import(
            request.directory().toString(),
            request.as().orElse(null),
            request.revision(),
            request.copy(),
            offline);
    return followed("/api/store/import", call, follower, Event::imported);
  }

  @Override
  public ExportReport export(ExportRequest request, Follower follower) {
    var call =
        new ArchiveMessages.Export(
            request.repo(),
            request.revision().orElse(null),
            request.directory().toString(),
            request.overwrite());
    return followed("/api/store/export", call, follower, Event::exported);
  }

  private <T> T followed(
      String path, Object call, Follower follower, Function<Event, @Nullable T> result) {
    return server.follow(
        path,
        call,
        line -> {
          Event event = StoreJson.MAPPER.readValue(line, Event.class);
          if (event.failure() != null) {
            throw new ServerSaid(event.failure().code(), event.failure().message());
          }
          if (event.moved() != null) {
            var at = event.moved();
            follower.progress(at.name(), at.doneBytes(), at.totalBytes());
          }
          return result.apply(event);
        });
  }
}
