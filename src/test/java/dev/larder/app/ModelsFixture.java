package dev.larder.app;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.FileSelection;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PullRequest;
import dev.larder.models.LoadedModels;
import dev.larder.models.LocalModels;
import dev.larder.models.ModelName;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.resident.Engines;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.resident.ResidentSettings;
import dev.larder.store.BlobStore;
import dev.larder.testing.HubRequest;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;

/** A site whose models are lists of words. */
abstract class ModelsFixture extends SiteFixture {
  static final String TEXT = "one two three";
  final WordsEngine engine = new WordsEngine();
  private @Nullable LocalModels models;

  @AfterEach
  void closeModels() {
    if (models != null) {
      models.close();
      models = null;
    }
  }

  /** The models of the server, with engines of the test. */
  LocalModels models() {
    LocalModels here = models;
    return here == null ? models(1_000_000) : here;
  }

  LocalModels models(long budgetBytes) {
    closeModels();
    House house = server().house();
    LocalModels made =
        LocalModels.open(
            house.places(),
            house.catalog().models(),
            new Engines(List.of(engine)),
            ResidentSettings.ofBudget(budgetBytes).withPatience(java.time.Duration.ofSeconds(20)),
            clock);
    models = made;
    return made;
  }

  LoadedModels loaded() {
    return models().loaded();
  }

  /** Another process on the same directory, after this one. */
  void again(String... settings) {
    closeModels();
    restart(settings);
  }

  static Registration registration(String name) {
    return new Registration(
        new ModelName(name),
        RepoId.model("o/r"),
        Revision.MAIN,
        "primary",
        Optional.empty(),
        Optional.empty());
  }

  RegisteredModel register(String name) {
    return models().register(registration(name));
  }

  RegisteredModel load(String name) {
    return models().load(new ModelName(name), Caller.ANONYMOUS, PullListener.NONE);
  }

  RegisteredModel pull(String name) {
    return models().pull(new ModelName(name), Caller.ANONYMOUS, PullListener.NONE);
  }

  Lease<Model> acquire(String name) {
    return loaded().acquire(name, Caller.ANONYMOUS, "a test");
  }

  List<String> words(String name) {
    try (Lease<Model> lease = acquire(name)) {
      return ((WordsEngine.Words) lease.model()).words();
    }
  }

  /** As somebody's {@code pull} of single files. */
  void cache(String... files) {
    FileSelection some = new FileSelection(List.of(files), List.of(), List.of());
    server()
        .house()
        .located()
        .pull(
            new PullRequest(RepoId.model("o/r"), Revision.MAIN, some, false),
            Caller.ANONYMOUS,
            PullListener.NONE);
  }

  /** Files whose bytes went over the wire. */
  List<String> fetched() {
    return hub
        .requests(
            request ->
                request.method().equals("GET")
                    && (request.server() == HubRequest.Server.CDN
                        || request.path().startsWith("/api/resolve-cache/")))
        .stream()
        .map(request -> request.path().substring(request.path().lastIndexOf('/') + 1))
        .sorted()
        .toList();
  }

  BlobStore store() {
    return server().house().located().primary().rooms().store();
  }
}
