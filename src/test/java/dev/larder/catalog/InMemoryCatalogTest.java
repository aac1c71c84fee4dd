package dev.larder.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.content.Revision;
import org.junit.jupiter.api.Test;

class InMemoryCatalogTest extends CatalogContract {
  @Override
  Catalog open() {
    return JdbiCatalog.openInMemory();
  }

  @Test
  void openInMemory_twice_sharesNothing() {
    catalog.putRef(new Catalog.RefRow(MODEL, Revision.MAIN, COMMIT, NOON));

    try (Catalog other = open()) {
      assertThat(other.refs(MODEL)).isEmpty();
    }
  }
}
