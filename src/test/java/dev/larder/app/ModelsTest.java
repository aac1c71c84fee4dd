package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.InvalidName;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.location.LocationException;
import dev.larder.models.LoadedModels.Usable;
import dev.larder.models.ModelName;
import dev.larder.models.ModelsException;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.resident.Lease;
import dev.larder.resident.Model;
import dev.larder.resident.ResidentEntry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models by name: registered, brought, loaded, and let go of. */
final class ModelsTest extends ModelsFixture {
  @BeforeEach
  void fill() {
    repo.lfs("words.txt", TEXT.getBytes())
        .file("config.json", "{}")
        .lfs("other.txt", "four five".getBytes())
        .lfsGenerated("model.safetensors", 5_000_000, 7);
    repo.commit("main");
  }

  @Test
  void load_ofARegisteredModel_bringsWhatTheEngineNeedsAndNoMore() {
    RegisteredModel registered = register("count");
    assertThat(registered.pulled()).isEmpty();
    assertThat(fetched()).isEmpty();

    RegisteredModel loaded = load("count");

    assertThat(fetched()).hasSize(2);
    assertThat(hub.downloads("model.safetensors")).isEmpty();
    assertThat(loaded.pulled().get().engine()).isEqualTo("words");
    assertThat(loaded.pulled().get().files()).isEqualTo(2);
    assertThat(loaded.pulled().get().sizeBytes()).isEqualTo(TEXT.length() + 2);
    assertThat(loaded.loaded().get().sizeBytes()).isEqualTo(1000);
    assertThat(words("count")).containsExactly("one", "two", "three");
    assertThat(engine.loads).hasValue(1);
  }

  @Test
  void load_ofALoadedModel_changesNothing() {
    register("count");
    load("count");
    words("count");
    ResidentEntry before = loaded().entries().getFirst();

    load("count");

    ResidentEntry after = loaded().entries().getFirst();
    assertThat(before.accesses()).isEqualTo(1);
    assertThat(after.accesses()).isEqualTo(1);
    assertThat(after.created()).isEqualTo(before.created());
    assertThat(after.lastAccessed()).isEqualTo(before.lastAccessed());
    assertThat(engine.loads).hasValue(1);
  }

  @Test
  void coldModel_askedForBy64_isBroughtAndLoadedOnce() throws Exception {
    register("count");
    CountDownLatch all = new CountDownLatch(64);
    List<Future<List<String>>> asked = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 64; i++) {
        asked.add(
            threads.submit(
                () -> {
                  all.countDown();
                  all.await();
                  return words("count");
                }));
      }
      for (Future<List<String>> each : asked) {
        assertThat(each.get()).containsExactly("one", "two", "three");
      }
    }
    assertThat(engine.loads).hasValue(1);
    assertThat(fetched()).hasSize(2);
    assertThat(loaded().entries().getFirst().accesses()).isEqualTo(64);
  }

  @Test
  void registrations_afterARestart_areAsBefore() {
    register("count");
    models()
        .register(
            new Registration(
                new ModelName("other"),
                RepoId.model("o/r"),
                new Revision("main"),
                "primary",
                Optional.of("words"),
                Optional.of("other.txt")));
    pull("count");
    List<RegisteredModel> before = models().list();

    again();

    assertThat(models().list()).isEqualTo(before);
    assertThat(before)
        .extracting(each -> each.registration().name().value())
        .containsExactly("count", "other");
    assertThat(words("other")).containsExactly("four", "five");
  }

  @Test
  void name_thatIsTaken_isRefusedAndStays() {
    register("count");
    assertThatThrownBy(() -> register("count"))
        .isInstanceOf(ModelsException.Exists.class)
        .hasMessageContaining("o/r@main");
    assertThat(models().list()).hasSize(1);
  }

  @Test
  void name_registeredByManyAtOnce_isRegisteredOnce() throws Exception {
    models();
    List<Future<Boolean>> tries = new ArrayList<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 32; i++) {
        tries.add(
            threads.submit(
                () -> {
                  try {
                    register("count");
                    return true;
                  } catch (ModelsException.Exists _) {
                    return false;
                  }
                }));
      }
    }
    int won = 0;
    for (Future<Boolean> each : tries) {
      won += each.get() ? 1 : 0;
    }
    assertThat(won).isEqualTo(1);
  }

  @Test
  void whatIsWrongWithARegistration_isSaidAtOnce() {
    ModelName name = new ModelName("x");
    RepoId repo = RepoId.model("o/r");
    assertThatThrownBy(() -> new ModelName("a/b")).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> new ModelName("x".repeat(97))).isInstanceOf(InvalidName.class);
    assertThatThrownBy(
            () ->
                models()
                    .register(
                        new Registration(
                            name,
                            repo,
                            Revision.MAIN,
                            "nowhere",
                            Optional.empty(),
                            Optional.empty())))
        .isInstanceOf(LocationException.class)
        .hasMessageContaining("nowhere");
    assertThatThrownBy(
            () ->
                models()
                    .register(
                        new Registration(
                            name,
                            repo,
                            Revision.MAIN,
                            "primary",
                            Optional.of("torch"),
                            Optional.empty())))
        .isInstanceOf(ModelsException.UnknownEngine.class)
        .hasMessageContaining("'torch'; there is words");
    assertThatThrownBy(
            () ->
                models()
                    .register(
                        new Registration(
                            name,
                            repo,
                            Revision.MAIN,
                            "primary",
                            Optional.empty(),
                            Optional.of("../x"))))
        .isInstanceOf(InvalidName.class);
    assertThatThrownBy(
            () ->
                models()
                    .register(
                        new Registration(
                            name,
                            RepoId.parse("datasets/o/r"),
                            Revision.MAIN,
                            "primary",
                            Optional.empty(),
                            Optional.empty())))
        .isInstanceOf(InvalidName.class);
    assertThat(models().list()).isEmpty();
  }

  @Test
  void repo_cachedAndNamedDirectly_isUsed() {
    cache("config.json");

    assertThat(words("o/r")).containsExactly("one", "two", "three");
    assertThat(words("o/r@main")).hasSize(3);
    assertThat(engine.loads).hasValue(1);
    assertThat(loaded().usable()).extracting(Usable::name).containsExactly("o/r");
    loaded().clear();
    assertThat(loaded().usable()).isEmpty();
  }

  @Test
  void repo_namedDirectlyAndRegistered_isLoadedOnce() {
    register("count");
    load("count");

    assertThat(words("o/r")).hasSize(3);
    assertThat(engine.loads).hasValue(1);
    assertThat(loaded().entries().getFirst().key().name()).isEqualTo("count");
    assertThat(loaded().usable()).extracting(Usable::name).containsExactly("count");
  }

  @Test
  void name_thatIsNothing_isRefusedWithWhatToDo() {
    assertThatThrownBy(() -> acquire("o/r"))
        .isInstanceOf(ModelsException.NoSuchModel.class)
        .hasMessageContaining("larder models register");
    assertThatThrownBy(() -> acquire("text-embedding-3-small"))
        .isInstanceOf(ModelsException.NoSuchModel.class);
    assertThatThrownBy(() -> acquire("../etc/passwd")).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> acquire("o/r@../x")).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> acquire("")).isInstanceOf(InvalidName.class);
    assertThatThrownBy(() -> models().get(new ModelName("x")))
        .isInstanceOf(ModelsException.NotRegistered.class);
    assertThat(fetched()).isEmpty();
  }

  @Test
  void unload_duringUse_letsTheUseEnd() {
    register("count");
    WordsEngine.Words inUse;
    try (Lease<Model> lease = acquire("count")) {
      inUse = (WordsEngine.Words) lease.model();
      models().unload(new ModelName("count"));

      assertThat(loaded().entries()).isEmpty();
      assertThat(inUse.closed()).isFalse();
      assertThat(words("count")).hasSize(3);
      assertThat(engine.loads).hasValue(2);
    }
    assertThat(inUse.closed()).isTrue();
    assertThat(engine.open).hasValue(1);
  }

  @Test
  void clear_duringUse_emptiesTheListAtOnce() {
    register("count");
    try (Lease<Model> lease = acquire("count")) {
      assertThat(loaded().clear()).isEqualTo(1);
      assertThat(loaded().entries()).isEmpty();
      assertThat(((WordsEngine.Words) lease.model()).words()).hasSize(3);
    }
    assertThat(engine.open).hasValue(0);
  }

  @Test
  void log_ofAModelInUse_hasAMissAndFewHits() {
    register("count");
    try (Logged log = new Logged()) {
      for (int i = 0; i < 1001; i++) {
        assertThat(words("count")).hasSize(3);
      }
      models().unload(new ModelName("count"));

      assertThat(log.about("memory.miss"))
          .singleElement()
          .asString()
          .matches("INFO memory miss .* key=count took_ms=[0-9.]+");
      List<String> hits = log.about("memory.hit");
      assertThat(hits).isNotEmpty().hasSizeLessThan(50);
      assertThat(hits.stream().mapToInt(ModelsTest::hits).sum()).isEqualTo(1000);
      assertThat(hits.getFirst()).matches("INFO memory hit .* key=count hits=1 took_ms=[0-9.]+");
      assertThat(log.about("model.loaded")).hasSize(1);
      assertThat(log.about("model.unloaded")).hasSize(1);
      assertThat(log.warnings()).isEmpty();
    }
  }

  private static int hits(String line) {
    return Integer.parseInt(line.replaceAll(".* hits=([0-9]+).*", "$1"));
  }

  /** Whoever asks while a name gets another meaning gets one of the two, and later the new one. */
  @Test
  @Timeout(120)
  void name_registeredAnewWhileItIsUsed_endsAsTheNewOne() throws Exception {
    register("count");
    AtomicBoolean over = new AtomicBoolean();
    // Not virtual: who finds the model never waits, and would leave no thread for who does.
    try (var threads = Executors.newCachedThreadPool()) {
      List<Future<?>> users = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        users.add(threads.submit(() -> use(over)));
      }
      try {
        for (int i = 0; i < 50; i++) {
          models().remove(new ModelName("count"));
          boolean other = i % 2 == 0;
          models().register(other ? otherFile() : registration("count"));
          assertThat(words("count")).hasSize(other ? 2 : 3);
        }
      } finally {
        over.set(true);
      }
      for (Future<?> each : users) {
        each.get();
      }
    }
    loaded().clear();
    assertThat(engine.open).hasValue(0);
  }

  private void use(AtomicBoolean over) {
    while (!over.get()) {
      try {
        assertThat(words("count").size()).isBetween(2, 3);
      } catch (ModelsException.NotRegistered | ModelsException.NoSuchModel _) {
        Thread.onSpinWait(); // It has no meaning just now.
      }
    }
  }

  private static Registration otherFile() {
    return new Registration(
        new ModelName("count"),
        RepoId.model("o/r"),
        Revision.MAIN,
        "primary",
        Optional.empty(),
        Optional.of("other.txt"));
  }

  @Test
  void removed_isUnloadedAndItsFilesStay() {
    register("count");
    load("count");
    hub.clearLog();

    models().remove(new ModelName("count"));

    assertThat(loaded().entries()).isEmpty();
    assertThatThrownBy(() -> acquire("count")).isInstanceOf(ModelsException.NoSuchModel.class);
    register("count");
    assertThat(words("count")).hasSize(3);
    assertThat(fetched()).isEmpty();
  }

  @Test
  void pull_ofALoadedModel_leavesItAsItIs() {
    register("count");
    load("count");
    repo.lfs("words.txt", "six".getBytes()).commit("main");
    clock.pass(java.time.Duration.ofMinutes(5));

    RegisteredModel pulled = pull("count");

    assertThat(pulled.pulled().get().sizeBytes()).isEqualTo(5);
    assertThat(words("count")).containsExactly("one", "two", "three");
    models().unload(new ModelName("count"));
    assertThat(words("count")).containsExactly("six");
  }

  @Test
  void budget_forOne_evictsTheOtherAndNeverOneInUse() {
    models(1500);
    register("a");
    models()
        .register(
            new Registration(
                new ModelName("b"),
                RepoId.model("o/r"),
                Revision.MAIN,
                "primary",
                Optional.empty(),
                Optional.of("other.txt")));
    load("a");
    load("b");
    assertThat(loaded().entries()).extracting(each -> each.key().name()).containsExactly("b");
    assertThat(engine.open).hasValue(1);

    engine.bytesEach = 2000;
    models().unload(new ModelName("b"));
    assertThatThrownBy(() -> load("a"))
        .isInstanceOf(ModelsException.TooBig.class)
        .hasMessageContaining("LARDER_MODEL_MEMORY");
  }
}
