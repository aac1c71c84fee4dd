package dev.larder.http;

import dev.larder.content.LarderException;
import dev.larder.content.LogRation;
import java.util.Map;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Refusals that tell an operator of a client in trouble, or of one that makes it: one line a minute
 * for each kind. Safe for concurrent use.
 */
final class RefusalLog {
  private static final Logger log = LoggerFactory.getLogger(RefusalLog.class);

  /** By code; every other refusal is daily life. */
  private static final Map<String, Event> EVENTS =
      Map.of(
          "bad-name", new Event("request.bad_name", Level.INFO),
          "bad-request", new Event("request.malformed", Level.INFO),
          "misdirected", new Event("host.unknown", Level.WARN),
          "too-many-guesses", new Event("token.guessed", Level.WARN),
          "too-many-questions", new Event("caller.limited", Level.WARN));

  private final LogRation ration = new LogRation(System::nanoTime);

  private record Event(String name, Level level) {}

  /** A request that could be read. */
  void refused(VertxRequest request, LarderException why) {
    Event event = EVENTS.get(why.code());
    if (event != null) {
      say(event, request.peer(), Problems.status(why), why.explanation());
    }
  }

  /** One that could not, or not in time. */
  void refused(String client, int status, String why) {
    String name =
        switch (status) {
          case 408 -> "client.slow";
          case 414, 431 -> "request.oversize";
          case 503 -> "connection.refused";
          default -> "request.malformed";
        };
    say(new Event(name, Level.INFO), client, status, why);
  }

  /** One that does not take its answer. */
  void cut(String client) {
    OptionalLong leftOut = ration.line("cut");
    if (leftOut.isPresent()) {
      log.atInfo()
          .addKeyValue("event", "client.slow")
          .addKeyValue("client", client)
          .addKeyValue("left_out", leftOut.getAsLong())
          .log("A client took nothing of its answer for too long and is cut");
    }
  }

  private void say(Event event, String client, int status, String why) {
    OptionalLong leftOut = ration.line(event.name() + status);
    if (leftOut.isPresent()) {
      log.atLevel(event.level())
          .addKeyValue("event", event.name())
          .addKeyValue("client", client)
          .addKeyValue("status", status)
          .addKeyValue("left_out", leftOut.getAsLong())
          .log("{}", why);
    }
  }
}
