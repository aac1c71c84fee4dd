package dev.larder.app;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.regex.Pattern;
import org.slf4j.event.KeyValuePair;

/**
 * One log event as one line: a JSON object ({@code time}, {@code level}, {@code logger}, {@code
 * thread}, {@code message}, the event's own names, {@code error} with its trace), or for people
 * {@code larder: message name=value}.
 */
final class LogLines extends EncoderBase<ILoggingEvent> {
  private static final byte[] NOTHING = {};
  private static final Pattern LINE_BREAKS = Pattern.compile("\\s*\\R\\s*");

  private final boolean json;

  LogLines(boolean json) {
    this.json = json;
  }

  @Override
  public byte[] headerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] footerBytes() {
    return NOTHING;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = json ? object(event) : sentence(event);
    return (line + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static String object(ILoggingEvent event) {
    StringBuilder out = new StringBuilder("{");
    // Logback fills in the instant only when it was not given the milliseconds.
    Instant time = event.getInstant();
    member(out, "time", time == null ? Instant.ofEpochMilli(event.getTimeStamp()) : time);
    member(out, "level", event.getLevel());
    member(out, "logger", event.getLoggerName());
    member(out, "thread", event.getThreadName());
    member(out, "message", event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        member(out, pair.key, pair.value);
      }
    }
    IThrowableProxy error = event.getThrowableProxy();
    if (error != null) {
      member(out, "error", ThrowableProxyUtil.asString(error));
    }
    return out.append('}').toString();
  }

  private static String sentence(ILoggingEvent event) {
    StringBuilder out = new StringBuilder("larder: ").append(event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      event.getKeyValuePairs().forEach(pair -> out.append(' ').append(pair));
    }
    IThrowableProxy error = event.getThrowableProxy();
    if (error != null) {
      out.append(": ").append(error.getMessage());
    }
    // One event is one line, whatever a database or a hub wrote into its message.
    return LINE_BREAKS.matcher(out).replaceAll(" ");
  }

  private static void member(StringBuilder out, String name, Object value) {
    if (out.length() > 1) {
      out.append(',');
    }
    quote(out, name);
    out.append(':');
    if (isPlain(value)) {
      out.append(value);
    } else {
      quote(out, String.valueOf(value));
    }
  }

  /** Whether JSON writes it as Java does. */
  private static boolean isPlain(Object value) {
    return switch (value) {
      case Integer _, Long _, Boolean _ -> true;
      case Double number -> Double.isFinite(number);
      case null, default -> false;
    };
  }

  private static void quote(StringBuilder out, String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> {
          if (c < 0x20) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }
}
