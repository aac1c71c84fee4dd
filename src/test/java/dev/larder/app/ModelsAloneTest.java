package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.mirror.Caller;
import dev.larder.mirror.PullListener;
import dev.larder.models.ModelName;
import dev.larder.models.Models;
import dev.larder.models.ModelsException;
import dev.larder.models.RegisteredModel;
import dev.larder.models.Registration;
import dev.larder.store.StoreException.StoreReadOnly;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The registry as a command has it that works alone: names without memory. */
final class ModelsAloneTest extends SiteFixture {
  private static final ModelName NAME = new ModelName("mini");
  private static final Registration WISH =
      new Registration(
          NAME,
          RepoId.model("o/r"),
          Revision.MAIN,
          "primary",
          Optional.of("onnx"),
          Optional.empty());

  private interface Work {
    void with(Models models);
  }

  private void alone(Work work) {
    try (LocalLarder larder = (LocalLarder) new HouseWorkshop(clock).open(settings(), _ -> {})) {
      work.with(larder.models());
    }
  }

  @Test
  void names_ofACommand_areThoseOfTheServerAfterIt() {
    alone(models -> assertThat(models.register(WISH).loaded()).isEmpty());
    alone(
        models ->
            assertThat(models.list())
                .extracting(RegisteredModel::registration)
                .containsExactly(WISH));

    assertThat(server().house().models().get(NAME).registration()).isEqualTo(WISH);
    stop();

    alone(models -> assertThat(models.remove(NAME).registration()).isEqualTo(WISH));
    alone(models -> assertThat(models.list()).isEmpty());
  }

  @Test
  void memory_ofACommand_isNone() {
    alone(
        models -> {
          RegisteredModel _ = models.register(WISH);
          assertThatThrownBy(() -> models.load(NAME, Caller.ANONYMOUS, PullListener.NONE))
              .isInstanceOf(ModelsException.NoServer.class)
              .hasMessageContaining("larder serve");
          assertThatThrownBy(() -> models.unload(NAME))
              .isInstanceOf(ModelsException.NoServer.class);
        });
    assertThat(hub.requests()).isEmpty();
  }

  @Test
  void pull_ofACommand_isRefusedForARepoWithoutAModel() {
    repo.file("README.md", "x").commit("main");
    alone(
        models -> {
          RegisteredModel _ = models.register(WISH);
          assertThatThrownBy(() -> models.pull(NAME, Caller.ANONYMOUS, PullListener.NONE))
              .isInstanceOf(ModelsException.NothingUsable.class)
              .hasMessageContaining("README.md");
        });
  }

  @Test
  void root_thatIsOnlyRead_listsAndRefusesTheRest() {
    alone(models -> models.register(WISH));
    alone(
        models -> {
          StoreReadOnly reason = new StoreReadOnly("it cannot be written", false, null);
          Models reading = new ReadingModels(models, reason);

          assertThat(reading.list()).hasSize(1);
          assertThat(reading.get(NAME).registration()).isEqualTo(WISH);
          assertThatThrownBy(() -> reading.remove(NAME)).isSameAs(reason);
          assertThatThrownBy(() -> reading.register(WISH)).isSameAs(reason);
          assertThatThrownBy(() -> reading.pull(NAME, Caller.ANONYMOUS, PullListener.NONE))
              .isSameAs(reason);
        });
  }
}
