package dev.larder.http;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/** What callers send does not become lines of the log that nobody wrote. */
@Timeout(60)
class DoorLogTest {
  @Test
  void addressesWithLinesColoursAndAMebibyte_areShownEscapedAndShort() throws Exception {
    ScriptedEndpoint endpoint = new ScriptedEndpoint("t");
    Logger logger = (Logger) LoggerFactory.getLogger("dev.larder.http");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setLevel(Level.DEBUG);
    try (Door door =
        new Door(DoorSettings.at("127.0.0.1", 0), List.of(endpoint), InstantSource.system())) {
      InetSocketAddress address = door.start();
      for (String path :
          List.of(
              "/t/a%0d%0alarder:%20ERROR%20all%20is%20lost",
              "/t/%1b[31m%e2%80%ae",
              "/t/\u001b[31m",
              "/t/\u0080\u009b\u00ff",
              "/t/\"},{\"level\":\"ERROR\"",
              "/t/" + "x".repeat(8000))) {
        endpoint.answered.put(
            path,
            _ -> {
              throw new IllegalStateException("a defect");
            });
        RawClient.ask(address, "GET", path, "X-Request-Id: a\u009bb");
      }
      RawClient.ask(address, "GET", "http://evil\u009b[31m.example" + "x".repeat(5000) + "/t/a");
    } finally {
      logger.setLevel(null);
      logger.detachAppender(lines);
    }
    assertThat(List.copyOf(lines.list))
        .hasSizeGreaterThanOrEqualTo(5)
        .allSatisfy(
            line -> {
              assertThat(line.getFormattedMessage()).matches("[\\x20-\\x7e]{1,600}");
              if (line.getKeyValuePairs() != null) {
                line.getKeyValuePairs()
                    .forEach(pair -> assertThat("" + pair.value).matches("[\\x20-\\x7e]{0,300}"));
              }
            });
  }
}
