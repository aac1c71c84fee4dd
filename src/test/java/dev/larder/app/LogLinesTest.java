package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.event.KeyValuePair;

class LogLinesTest {
  @Test
  void encode_json_escapesAndKeepsNumbers() {
    assertThat(line(true, null))
        .isEqualTo(
            "{\"time\":\"2026-02-03T04:05:06Z\",\"level\":\"WARN\",\"logger\":\"dev.larder.x\",\"thread\":\"t-1\","
                + "\"message\":\"a \\\"b\\\" \\\\ \\n\\u0001 é\",\"bytes\":12,\"took_ms\":0.25,\"repo\":\"org/name\"}\n");
  }

  @Test
  void encode_json_error_isOneLine() {
    assertThat(line(true, new IllegalStateException("odd")))
        .contains("\"error\":\"java.lang.IllegalStateException: odd\\n\\tat ")
        .hasLineCount(1);
  }

  @Test
  void encode_forPeople_isASentenceWithoutTrace() {
    assertThat(line(false, new IllegalStateException("odd\r\n twice")))
        .startsWith("larder: a \"b\"")
        .endsWith("bytes=\"12\" took_ms=\"0.25\" repo=\"org/name\": odd twice\n")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @CsvSource({
    "ls -q, true",
    "--quiet ls, true",
    "rm -yq org/name, true",
    "ls --json, false",
    "pull org/q -v, false",
    "pull -- -q, false",
  })
  void isQuiet_findsTheOption(String line, boolean quiet) {
    assertThat(LogSetup.isQuiet(line.split(" "))).isEqualTo(quiet);
  }

  @ParameterizedTest
  @CsvSource({
    "serve, true",
    "--home x serve, true",
    "--home=x serve --port 0, true",
    "-q serve, true",
    "pull serve, false",
    "--home serve ls, false",
    "--version, false",
  })
  void isServe_findsTheCommand(String line, boolean serve) {
    assertThat(LogSetup.isServe(line.split(" "))).isEqualTo(serve);
  }

  private static String line(boolean json, Throwable error) {
    LoggingEvent event =
        new LoggingEvent(
            "x",
            new LoggerContext().getLogger("dev.larder.x"),
            Level.WARN,
            "a \"b\" \\ \n\u0001 {}",
            error,
            new Object[] {"é"});
    event.setInstant(Instant.parse("2026-02-03T04:05:06Z"));
    event.setThreadName("t-1");
    event.addKeyValuePair(new KeyValuePair("bytes", 12L));
    event.addKeyValuePair(new KeyValuePair("took_ms", 0.25));
    event.addKeyValuePair(new KeyValuePair("repo", "org/name"));
    LogLines encoder = new LogLines(json);
    return new String(encoder.encode(event), StandardCharsets.UTF_8);
  }
}
