package dev.larder.upkeep;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Commit;
import dev.larder.content.RepoId;
import dev.larder.content.Revision;
import dev.larder.hubcache.HubTree;
import dev.larder.hubcache.LocalHubTree;
import dev.larder.store.LocalBlobStore;
import dev.larder.store.LocalDisk;
import dev.larder.store.StoreLimits;
import dev.larder.testing.MemoryLedger;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class RebuildTest {
  @TempDir Path root;

  /** Somebody's first command over a cache that Python made: nothing of it is lost. */
  @Test
  void run_overACacheThatIsNewHere_doesNotTalkOfLoss() {
    Logger logger = (Logger) LoggerFactory.getLogger(Rebuild.class);
    ListAppender<ILoggingEvent> log = new ListAppender<>();
    log.start();
    logger.addAppender(log);
    RepoId repo = RepoId.model("o/r");
    try (var store =
            LocalBlobStore.open(
                root.resolve("larder"),
                new LocalDisk(),
                new MemoryLedger(),
                StoreLimits.none(),
                InstantSource.system());
        Catalog catalog = JdbiCatalog.openInMemory()) {
      HubTree tree = LocalHubTree.open(root.resolve("hub"), new LocalDisk(), store);
      tree.writeRef(repo, Revision.MAIN, new Commit("1".repeat(40)));

      new Rebuild(tree, catalog, true).run(() -> false);

      assertThat(catalog.ref(repo, Revision.MAIN)).isPresent();
    } finally {
      logger.detachAppender(log);
    }
    assertThat(log.list)
        .singleElement()
        .satisfies(event -> assertThat(event.getFormattedMessage()).doesNotContain("lost"));
  }
}
