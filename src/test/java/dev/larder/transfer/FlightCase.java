package dev.larder.transfer;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** What each test of flights begins with: a hub and a store of its own. */
abstract class FlightCase {
  @TempDir private Path root;
  FlightFixture fixture;

  @BeforeEach
  final void openFixture() {
    fixture = new FlightFixture(root);
  }

  @AfterEach
  final void closeFixture() {
    fixture.close();
  }
}
