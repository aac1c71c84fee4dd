package dev.larder.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.larder.settings.SettingsException;
import dev.larder.testing.FailureCodes;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExitCodesTest {
  @Test
  void everyFailure_hasARow() {
    Map<String, Set<String>> failures = FailureCodes.all();

    assertThat(failures).containsKey(SettingsException.class.getName());
    assertThat(failures)
        .allSatisfy(
            (failure, codes) ->
                assertThat(codes).as(failure).isNotEmpty().allMatch(ExitCodes::knows));
  }

  @ParameterizedTest
  @CsvSource({
    "bad-name, 2",
    "bad-setting, 2",
    "content-mismatch, 4",
    "not-allowed, 5",
    "offline-miss, 6",
    "upstream-unreachable, 6",
    "store-full, 7",
    "store-busy, 1",
    "something-new, 1",
  })
  void of_code_isTheProductsExitCode(String code, int exit) {
    assertThat(ExitCodes.of(FakeWorkshop.failing(code, "x"))).isEqualTo(exit);
  }
}
