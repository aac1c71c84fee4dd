package dev.larder.access;

import dev.larder.catalog.Catalog;
import dev.larder.catalog.JdbiCatalog;
import dev.larder.content.Disk;
import dev.larder.store.LocalDisk;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A real catalog, a real directory and a clock that a test moves. */
abstract class AccessFixture {
  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  static final Duration TTL = Duration.ofSeconds(60);

  final Disk disk = new LocalDisk();
  final Catalog catalog = JdbiCatalog.openInMemory();
  Instant now = NOON;
  final InstantSource clock = () -> now;
  @TempDir Path directory;

  @AfterEach
  void closeCatalog() {
    catalog.close();
  }

  Access open() {
    return open(Optional.of("the admin's own token"));
  }

  Access open(Optional<String> admin) {
    return Access.open(directory, disk, catalog, new Access.Terms(TTL, admin), clock);
  }

  static Tokens.Wish wish(String name, String... groups) {
    return new Tokens.Wish(name, Set.of(groups), Optional.empty());
  }
}
