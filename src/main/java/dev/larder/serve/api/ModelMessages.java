package dev.larder.serve.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.larder.content.Commit;
import dev.larder.content.EntryPath;
import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.RepoKind;
import dev.larder.content.Revision;
import dev.larder.mirror.PulledFile;
import dev.larder.models.ModelName;
import dev.larder.models.RegisteredModel;
import dev.larder.models.RegisteredModel.InMemory;
import dev.larder.models.RegisteredModel.Pulled;
import dev.larder.models.Registration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What travels over {@code /api/models}. */
public final class ModelMessages {
  private ModelMessages() {}

  /** Body of {@code POST /api/models}. Only the first two are required. */
  public record NewModel(
      @Nullable String modelName,
      @Nullable String hfPath,
      @Nullable String revision,
      @Nullable String cacheLocation,
      @Nullable String engine,
      @Nullable String file) {
    public static NewModel of(Registration model) {
      return new NewModel(
          model.name().value(),
          model.repo().toString(),
          model.revision().toString(),
          model.location(),
          model.engine().orElse(null),
          model.file().orElse(null));
    }

    /** Throws {@link InvalidName}. */
    Registration registration() {
      RepoId repo = RepoId.parse(said(hfPath).orElse(""));
      if (repo.kind() != RepoKind.MODEL) {
        throw new InvalidName("hf_path", repo.toString(), "only a model can be loaded");
      }
      return new Registration(
          new ModelName(said(modelName).orElse("")),
          repo,
          said(revision).map(Revision::new).orElse(Revision.MAIN),
          said(cacheLocation).orElse(Registration.PRIMARY),
          said(engine),
          said(file).map(path -> new EntryPath(path).value()));
    }

    private static Optional<String> said(@Nullable String text) {
      return Optional.ofNullable(text).filter(each -> !each.isBlank());
    }
  }

  /** Body of {@code POST /api/models/NAME/pull} and {@code load}; may be left out. */
  public record Bring(boolean offline) {}

  /**
   * A registered model. {@code engine}: the one that it was registered with, else the one that it
   * was pulled for. {@code state}: registered, pulled or loaded. From {@code commit} to {@code
   * pulledAt}: what was pulled last.
   */
  public record Described(
      String modelName,
      String hfPath,
      String revision,
      String cacheLocation,
      @Nullable String engine,
      @Nullable String file,
      Instant registeredAt,
      String state,
      @Nullable Commit commit,
      @Nullable Integer files,
      @Nullable Long sizeBytes,
      @Nullable Instant pulledAt,
      @Nullable InUse loaded) {

    static Described of(RegisteredModel model) {
      Registration it = model.registration();
      Optional<Pulled> pulled = model.pulled();
      return new Described(
          it.name().value(),
          it.repo().toString(),
          it.revision().toString(),
          it.location(),
          model.engine().orElse(null),
          it.file().orElse(null),
          model.registeredAt(),
          model.state(),
          pulled.map(Pulled::commit).orElse(null),
          pulled.map(Pulled::files).orElse(null),
          pulled.map(Pulled::sizeBytes).orElse(null),
          pulled.map(Pulled::at).orElse(null),
          model.loaded().map(InUse::of).orElse(null));
    }

    /** As it was described. */
    public RegisteredModel model() {
      return new RegisteredModel(
          new Registration(
              new ModelName(modelName),
              RepoId.parse(hfPath),
              new Revision(revision),
              cacheLocation,
              Optional.ofNullable(engine),
              Optional.ofNullable(file)),
          registeredAt,
          commit == null || pulledAt == null
              ? Optional.empty()
              : Optional.of(
                  new Pulled(
                      commit,
                      engine == null ? "" : engine,
                      files == null ? 0 : files,
                      sizeBytes == null ? 0 : sizeBytes,
                      pulledAt)),
          Optional.ofNullable(loaded).map(InUse::inMemory));
    }
  }

  /** That it is in memory. */
  public record InUse(Instant since, long sizeBytes, long accessCount, int leases) {
    static InUse of(InMemory memory) {
      return new InUse(memory.since(), memory.sizeBytes(), memory.accesses(), memory.leases());
    }

    InMemory inMemory() {
      return new InMemory(since, sizeBytes, accessCount, leases);
    }
  }

  /** One line of an answer to who wants to follow it; exactly one member is there. */
  @JsonInclude(JsonInclude.Include.NON_NULL)
  public record Event(
      @Nullable List<PulledFile> planned,
      StoreMessages.@Nullable Progress progress,
      @Nullable PulledFile done,
      @Nullable Described model,
      StoreMessages.@Nullable Failure failure) {
    static Event planned(List<PulledFile> files) {
      return new Event(files, null, null, null, null);
    }

    static Event progress(EntryPath path, long landedBytes, long totalBytes) {
      return new Event(
          null, new StoreMessages.Progress(path, landedBytes, totalBytes), null, null, null);
    }

    static Event done(PulledFile file) {
      return new Event(null, null, file, null, null);
    }

    static Event ready(RegisteredModel model) {
      return new Event(null, null, null, Described.of(model), null);
    }

    static Event failed(String code, String message) {
      return new Event(null, null, null, null, new StoreMessages.Failure(code, message));
    }
  }
}
