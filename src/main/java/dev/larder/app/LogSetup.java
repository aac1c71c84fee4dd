package dev.larder.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * Sets logging up in code, when the first logger is asked for: {@code serve} writes JSON lines from
 * INFO up, every other command only warnings. Both on stderr.
 *
 * <p>Not by {@code logback.xml}: reading one takes 250 to 400 ms of a start, this 120.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static volatile boolean serving;

  /** Call before anything logs. */
  static void chooseFor(String... arguments) {
    serving = isServe(arguments);
  }

  /** The first word that is neither an option nor the value of {@code --home}. */
  static boolean isServe(String... arguments) {
    for (int i = 0; i < arguments.length; i++) {
      if (arguments[i].equals("--home")) {
        i++;
      } else if (!arguments[i].startsWith("-")) {
        return arguments[i].equals("serve");
      }
    }
    return false;
  }

  @Override
  public ExecutionStatus configure(LoggerContext context) {
    LogLines encoder = new LogLines(serving);
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    context.getLogger("ROOT").addAppender(stderr);
    context.getLogger("ROOT").setLevel(Level.WARN);
    context.getLogger("dev.larder").setLevel(serving ? Level.INFO : Level.WARN);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
