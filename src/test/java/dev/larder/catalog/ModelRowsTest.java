package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.catalog.ModelRows.ModelRow;
import dev.larder.catalog.ModelRows.PulledRow;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the catalog keeps of models that have a name. */
class ModelRowsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final PulledRow PULLED =
      new PulledRow(new Commit("a".repeat(40)), "onnx", 5, 5_000_000_000L, NOON.plusMillis(7));

  @TempDir Path root;

  private Catalog open() {
    return JdbiCatalog.open(root.resolve("catalog.db"), InstantSource.fixed(NOON)).catalog();
  }

  private static ModelRow row(String name, Optional<PulledRow> pulled) {
    return new ModelRow(
        name,
        RepoId.model("o/r"),
        new Revision("refs/pr/1"),
        "secondary",
        Optional.of("onnx"),
        Optional.of("onnx/model_O4.onnx"),
        NOON,
        pulled);
  }

  @Test
  void models_afterReopening_areAsTheyWerePut() {
    ModelRow plain =
        new ModelRow(
            "a",
            RepoId.model("gpt2"),
            Revision.MAIN,
            "primary",
            Optional.empty(),
            Optional.empty(),
            NOON,
            Optional.empty());
    try (Catalog catalog = open()) {
      catalog.models().putModel(row("b", Optional.empty()));
      catalog.models().putModel(plain);
      catalog.models().putModel(row("b", Optional.of(PULLED)));
    }
    try (Catalog catalog = open()) {
      assertThat(catalog.models().models()).containsExactly(plain, row("b", Optional.of(PULLED)));
    }
  }

  @Test
  void model_thatCannotBeRead_isNoReasonToHaveNone() {
    try (Catalog catalog = open()) {
      catalog.models().putModel(row("a", Optional.empty()));
      catalog.models().putModel(row("b", Optional.empty()));
    }
    org.jdbi.v3.core.Jdbi.create("jdbc:sqlite:" + root.resolve("catalog.db"))
        .useHandle(db -> db.execute("UPDATE model SET repo = 'models--..' WHERE name = 'a'"));
    try (Catalog catalog = open()) {
      assertThat(catalog.models().models()).containsExactly(row("b", Optional.empty()));
    }
  }

  @Test
  void model_forgotten_isGoneAndNoOther() {
    try (Catalog catalog = open()) {
      catalog.models().putModel(row("a", Optional.empty()));
      catalog.models().putModel(row("A", Optional.of(PULLED)));

      catalog.models().forgetModel("a");
      catalog.models().forgetModel("none");

      assertThat(catalog.models().models()).containsExactly(row("A", Optional.of(PULLED)));
    }
  }
}
