package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.cli.Larder;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.mirror.PulledFile;
import dev.larder.models.ModelName;
import dev.larder.models.Models;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The registry as commands have it, alone and through the server: the same from outside. */
@Timeout(120)
final class ModelsLarderTest extends ModelSite {
  private static final ModelName NAME = new ModelName("minilm");
  private static final Registration WISH =
      new Registration(
          NAME,
          RepoId.model(REPO),
          Revision.MAIN,
          "primary",
          Optional.of("onnx"),
          Optional.of("onnx/model.onnx"));

  /** What it was told of a pull. */
  private static final class Heard implements PullListener {
    private final List<String> planned = new CopyOnWriteArrayList<>();
    private final List<String> done = new CopyOnWriteArrayList<>();
    private final List<Long> landed = new CopyOnWriteArrayList<>();

    @Override
    public void planned(List<PulledFile> files) {
      files.forEach(file -> planned.add(file.path().value()));
    }

    @Override
    public void progress(EntryPath path, long landedBytes, long totalBytes) {
      landed.add(landedBytes);
    }

    @Override
    public void done(PulledFile file) {
      done.add(file.path().value());
    }
  }

  private <T> T with(PullTest.By by, Function<Models, T> work, String... more) {
    if (by == PullTest.By.SERVER) {
      server();
    }
    try (Larder larder = new HouseWorkshop(clock).open(settings(more), _ -> {})) {
      return work.apply(larder.models());
    }
  }

  private String failing(PullTest.By by, Function<Models, ?> work, String... more) {
    return catchThrowableOfType(LarderException.class, () -> with(by, work, more)).code();
  }

  @ParameterizedTest
  @EnumSource(PullTest.By.class)
  void model_registeredPulledRemoved(PullTest.By by) {
    RegisteredModel made = with(by, models -> models.register(WISH));

    assertThat(made.registration()).isEqualTo(WISH);
    assertThat(with(by, Models::list)).containsExactly(made);
    assertThat(failing(by, models -> models.register(WISH))).isEqualTo("model-exists");

    Heard heard = new Heard();
    RegisteredModel pulled = with(by, models -> models.pull(NAME, Caller.ANONYMOUS, heard));

    assertThat(heard.done).contains("onnx/model.onnx", "tokenizer.json");
    assertThat(heard.planned).contains("onnx/model.onnx").doesNotContain("pytorch_model.bin");
    assertThat(heard.landed).isNotEmpty();
    assertThat(pulled.registration()).isEqualTo(WISH);
    assertThat(pulled.registeredAt()).isEqualTo(made.registeredAt());
    assertThat(pulled.pulled()).isPresent();
    assertThat(pulled.pulled().get().sizeBytes()).isEqualTo(hub.fileBytesSent());
    RegisteredModel later = with(by, models -> models.get(NAME));
    assertThat(later).isEqualTo(pulled);

    RegisteredModel _ = with(by, models -> models.remove(NAME));
    assertThat(with(by, Models::list)).isEmpty();
    assertThat(failing(by, models -> models.get(NAME))).isEqualTo("model-not-registered");
    assertThat(failing(by, models -> models.remove(NAME))).isEqualTo("model-not-registered");
  }

  @ParameterizedTest
  @EnumSource(PullTest.By.class)
  void pull_offline_isRefusedAndAsksNobody(PullTest.By by) {
    RegisteredModel _ = with(by, models -> models.register(WISH));
    hub.clearLog();

    String code =
        failing(
            by,
            models -> models.pull(NAME, Caller.ANONYMOUS, PullListener.NONE),
            "OFFLINE",
            "true");

    assertThat(code).isEqualTo("offline-miss");
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void load_throughTheServer_isInItsMemoryUntilUnloaded() {
    RegisteredModel _ = with(PullTest.By.SERVER, models -> models.register(WISH));
    Heard heard = new Heard();

    RegisteredModel loaded =
        with(PullTest.By.SERVER, models -> models.load(NAME, Caller.ANONYMOUS, heard));

    assertThat(heard.done).contains("onnx/model.onnx");
    assertThat(loaded.loaded()).isPresent();
    assertThat(loaded.loaded().get().sizeBytes()).isGreaterThan(20_000_000L);
    assertThat(stats().path("entries").propertyNames()).containsExactly("minilm");

    RegisteredModel unloaded = with(PullTest.By.SERVER, models -> models.unload(NAME));

    assertThat(unloaded.loaded()).isEmpty();
    assertThat(unloaded.pulled()).isPresent();
    assertThat(stats().path("total_entries").asInt()).isZero();
  }

  @Test
  void loadAndUnload_withoutAServer_saySo() {
    RegisteredModel _ = with(PullTest.By.ITSELF, models -> models.register(WISH));

    assertThat(
            failing(
                PullTest.By.ITSELF,
                models -> models.load(NAME, Caller.ANONYMOUS, PullListener.NONE)))
        .isEqualTo("models-need-server");
    assertThat(failing(PullTest.By.ITSELF, models -> models.unload(NAME)))
        .isEqualTo("models-need-server");
    assertThat(hub.fileBytesSent()).isZero();
  }

  @Test
  void registeredAlone_isKnownToTheServer_andAfterARestart() {
    RegisteredModel made = with(PullTest.By.ITSELF, models -> models.register(WISH));

    assertThat(with(PullTest.By.SERVER, Models::list)).containsExactly(made);
    restart();
    assertThat(with(PullTest.By.SERVER, Models::list)).containsExactly(made);
    assertThat(embed("minilm", "a").status()).isEqualTo(200);
  }
}
