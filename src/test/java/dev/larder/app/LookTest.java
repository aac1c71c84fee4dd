package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.larder.cli.Larder;
import dev.larder.content.LarderException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Commands that only look at a cache. */
final class LookTest extends SiteFixture {
  @Test
  void look_rootThatDoesNotExist_isRefusedAndNotMade() {
    Path typo = root.resolve("typo");

    LarderException failure =
        catchThrowableOfType(
            LarderException.class,
            () -> new HouseWorkshop(clock).look(settings("HOME", typo.toString()), _ -> {}));

    assertThat(failure.code()).isEqualTo("bad-setting");
    assertThat(failure).hasMessageContaining(typo.toString()).hasMessageContaining("--home");
    assertThat(typo).doesNotExist();
  }

  @Test
  void look_rootThatIsThere_isOpened() {
    try (Larder larder = new HouseWorkshop(clock).look(settings(), _ -> {})) {
      assertThat(larder.list()).isEmpty();
    }
  }
}
