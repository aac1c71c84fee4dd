package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.larder.catalog.CatalogException;
import dev.larder.catalog.ModelRows;
import dev.larder.content.EntryPath;
import dev.larder.content.LarderException;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.LocalModels;
import dev.larder.models.ModelName;
import dev.larder.models.ModelsException;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.resident.Engines;
import dev.larder.resident.ResidentSettings;
import dev.larder.testing.HubFault;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Models whose load hangs, whose name changes in the middle, or that cannot be noted. */
final class ModelTurnsTest extends ModelsFixture {
  private static final ModelName COUNT = new ModelName("count");

  @BeforeEach
  void fill() {
    repo.lfs("words.txt", TEXT.getBytes()).lfs("other.txt", "four five".getBytes());
    repo.commit("main");
  }

  private LocalModels models(ModelRows rows, Duration longestWait) {
    return LocalModels.open(
        server().house().places(),
        rows,
        new Engines(List.of(engine)),
        ResidentSettings.ofBudget(1_000_000),
        clock,
        longestWait);
  }

  private ModelRows rows() {
    return server().house().catalog().models();
  }

  @Test
  @Timeout(20)
  void load_thatHangs_isLeftByWhoWaitsForItAndGoesOn() {
    CountDownLatch hangs = new CountDownLatch(1);
    engine.loading = _ -> hangs.await();
    try (LocalModels models = models(rows(), Duration.ofSeconds(1))) {
      RegisteredModel _ = models.register(registration("count"));
      try {
        assertThatThrownBy(() -> models.load(COUNT, Caller.ANONYMOUS, PullListener.NONE))
            .isInstanceOf(ModelsException.StillLoading.class)
            .hasMessageContaining("'count'");
      } finally {
        hangs.countDown();
      }
      assertThat(models.load(COUNT, Caller.ANONYMOUS, PullListener.NONE).loaded()).isPresent();
    }
    assertThat(engine.loads).hasValue(1);
  }

  @Test
  @Timeout(20)
  void name_registeredAnewBeforeItsFormerModelIsUnloaded_meansTheNewOne() throws Exception {
    register("count");
    assertThat(words("count")).hasSize(3);
    try (Halt removal = new Halt("model.removed");
        var threads = Executors.newCachedThreadPool()) {
      Future<?> removed = threads.submit(() -> models().remove(COUNT));
      try {
        removal.reached.await();
        RegisteredModel _ = models().register(otherFile());
        assertThat(words("count")).containsExactly("four", "five");
        assertThat(load("count").loaded()).isPresent();
      } finally {
        removal.goOn.countDown();
      }
      assertThat(removed.get()).isNotNull();
    }
    assertThat(words("count")).containsExactly("four", "five");
    loaded().clear();
    assertThat(engine.open).hasValue(0);
  }

  @Test
  @Timeout(20)
  void load_afterANameWasRegisteredAnew_isOfTheNewOne() throws Exception {
    register("count");
    load("count");
    try (Halt removal = new Halt("model.removed");
        var threads = Executors.newCachedThreadPool()) {
      Future<?> removed = threads.submit(() -> models().remove(COUNT));
      try {
        removal.reached.await();
        RegisteredModel _ = models().register(otherFile());
        load("count");
        assertThat(engine.loads).hasValue(2);
      } finally {
        removal.goOn.countDown();
      }
      assertThat(removed.get()).isNotNull();
    }
  }

  @Test
  @Timeout(60)
  void close_whileFilesAreBrought_waitsForNoneOfThem() throws Exception {
    repo.lfsGenerated("words.txt", 900_000, 5).commit("main");
    HubFault _ = hub.onFile("words.txt").throttle(20_000).always();
    try (var threads = Executors.newCachedThreadPool();
        LocalModels models = models(rows(), Duration.ofMinutes(1))) {
      RegisteredModel _ = models.register(registration("count"));
      CountDownLatch comes = new CountDownLatch(1);
      Future<?> load =
          threads.submit(() -> models.load(COUNT, Caller.ANONYMOUS, new Landing(comes)));
      comes.await();
      long begun = System.nanoTime();
      models.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
      assertThatThrownBy(load::get).hasCauseInstanceOf(LarderException.class);
    }
    assertThat(engine.loads).hasValue(0);
  }

  /** Tells when the first bytes of a file are here. */
  private record Landing(CountDownLatch begun) implements PullListener {
    @Override
    public void progress(EntryPath path, long landedBytes, long totalBytes) {
      begun.countDown();
    }
  }

  private static Registration otherFile() {
    return new Registration(
        COUNT,
        RepoId.model("o/r"),
        Revision.MAIN,
        "primary",
        Optional.empty(),
        Optional.of("other.txt"));
  }

  /** Stops who logs a line about an event, as if it were slow there. */
  private static final class Halt extends UnsynchronizedAppenderBase<ILoggingEvent>
      implements AutoCloseable {
    private final Logger logger = (Logger) org.slf4j.LoggerFactory.getLogger("dev.larder.models");
    private final String event;
    final CountDownLatch reached = new CountDownLatch(1);
    final CountDownLatch goOn = new CountDownLatch(1);

    Halt(String event) {
      this.event = event;
      logger.setLevel(Level.INFO);
      start();
      logger.addAppender(this);
    }

    @Override
    protected void append(ILoggingEvent line) {
      boolean mine =
          line.getKeyValuePairs() != null
              && line.getKeyValuePairs().stream().anyMatch(pair -> event.equals(pair.value));
      if (mine) {
        reached.countDown();
        try {
          goOn.await();
        } catch (InterruptedException _) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public void close() {
      goOn.countDown();
      logger.setLevel(null); // As its parent's.
      logger.detachAppender(this);
    }
  }

  @Test
  void note_thatCannotBeWritten_isAWarningAndTheModelIsUsed() {
    ModelRows rows = rows();
    try (LocalModels models = models(new WithoutNotes(rows), Duration.ofMinutes(1));
        Logged log = new Logged()) {
      RegisteredModel _ = models.register(registration("count"));

      assertThat(models.pull(COUNT, Caller.ANONYMOUS, PullListener.NONE).pulled()).isEmpty();
      assertThat(models.load(COUNT, Caller.ANONYMOUS, PullListener.NONE).loaded()).isPresent();
      assertThat(log.warnings()).anyMatch(line -> line.contains("the disk is full"));
    }
    RegisteredModel pulled = pull("count");
    assertThat(pulled.pulled()).isPresent();
  }

  /** A catalog that takes new names and nothing more. */
  private record WithoutNotes(ModelRows rows) implements ModelRows {
    @Override
    public List<ModelRow> models() {
      return rows.models();
    }

    @Override
    public void putModel(ModelRow row) {
      if (row.pulled().isPresent()) {
        throw new CatalogException("the disk is full", null);
      }
      rows.putModel(row);
    }

    @Override
    public void forgetModel(String name) {
      rows.forgetModel(name);
    }
  }
}
