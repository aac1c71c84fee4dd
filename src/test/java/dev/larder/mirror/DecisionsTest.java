package dev.larder.mirror;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.CatalogException;
import dev.larder.catalog.DecisionRows;
import dev.larder.catalog.DecisionRows.DecisionRow;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.RepoId;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DecisionsTest {
  private static final DecisionRow MISS =
      new DecisionRow(
          Instant.EPOCH, "o/r", "main", "x", "", "", DecisionRow.MISS, "anonymous", "", 1);

  private boolean failing = true;

  /** A real catalog that forgets nothing while its disk is full. */
  private <T> T failingAtPrune(Class<T> kind, T real) {
    return kind.cast(
        Proxy.newProxyInstance(
            kind.getClassLoader(),
            new Class<?>[] {kind},
            (_, method, arguments) -> {
              if (failing && method.getName().equals("prune")) {
                throw new CatalogException("The disk of the catalog is full.", null);
              }
              try {
                Object answer = method.invoke(real, arguments);
                return answer instanceof DecisionRows rows
                    ? failingAtPrune(DecisionRows.class, rows)
                    : answer;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }

  @Test
  void flush_thatCannotForget_countsNothingTwice() {
    try (Catalog catalog = JdbiCatalog.openInMemory()) {
      Decisions decisions =
          new Decisions(failingAtPrune(Catalog.class, catalog), () -> Instant.EPOCH);
      decisions.note(MISS);
      assertThatThrownBy(decisions::flush).isInstanceOf(CatalogException.class);
      failing = false;
      decisions.flush();

      assertThat(catalog.decisions().of(RepoId.model("o/r"), "", "x", 9))
          .singleElement()
          .satisfies(row -> assertThat(row.times()).isEqualTo(1));
    }
  }
}
