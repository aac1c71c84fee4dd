package dev.larder.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.LoggerFactory;

/** What is logged until it is closed. */
final class Logged implements AutoCloseable {
  private final Logger logger = (Logger) LoggerFactory.getLogger("dev.larder");
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  private final Level before = logger.getLevel();

  Logged() {
    logger.setLevel(Level.INFO);
    lines.start();
    logger.addAppender(lines);
  }

  /** Lines about {@code event}, as {@code LEVEL message key=value …}. */
  List<String> about(String event) {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getKeyValuePairs() != null)
        .filter(line -> pairs(line).contains("event=" + event))
        .map(line -> line.getLevel() + " " + line.getFormattedMessage() + pairs(line))
        .toList();
  }

  List<String> warnings() {
    return List.copyOf(lines.list).stream()
        .filter(line -> line.getLevel() == Level.WARN)
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  private static String pairs(ILoggingEvent line) {
    return line.getKeyValuePairs().stream()
        .map(pair -> " " + pair.key + "=" + pair.value)
        .collect(Collectors.joining());
  }

  @Override
  public void close() {
    logger.setLevel(before);
    logger.detachAppender(lines);
  }
}
