package dev.larder.app;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** An outage is one thing to say, however many clients meet it. */
final class OutageLogTest extends SiteFixture {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.larder");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void leave() {
    logger.detachAppender(lines);
  }

  @Test
  void hubAway_manyRequestsForWhatIsNotCached_logFewLines() {
    server();
    hub.away();
    for (int i = 0; i < 100; i++) {
      assertThat(get("/hf/o/r/resolve/main/file-" + i).status()).isEqualTo(503);
    }
    List<ILoggingEvent> warnings =
        List.copyOf(lines.list).stream()
            .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
            .toList();
    assertThat(warnings).hasSizeBetween(1, 3); // Of the hub, and of the first refusal.
    assertThat(warnings).extracting(ILoggingEvent::getFormattedMessage).doesNotHaveDuplicates();
  }
}
