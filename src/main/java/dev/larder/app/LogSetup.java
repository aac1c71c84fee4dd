package dev.larder.app;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Sets logging up in code, when the first logger is asked for: {@code serve} writes JSON lines from
 * INFO up, every other command only warnings, and with {@code --quiet} only errors. All on stderr.
 *
 * <p>Not by {@code logback.xml}: reading one takes 250 to 400 ms of a start, this 120.
 */
public final class LogSetup extends ContextAwareBase implements Configurator {
  private static final Pattern QUIET = Pattern.compile("--quiet|-[a-z]*q[a-z]*");

  private static volatile boolean serving;
  private static volatile boolean quiet;

  /** Call before anything logs. */
  static void chooseFor(String... arguments) {
    serving = isServe(arguments);
    quiet = isQuiet(arguments);
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

  /** {@code -q} may stand together with other short options. */
  static boolean isQuiet(String... arguments) {
    return Stream.of(arguments)
        .takeWhile(argument -> !argument.equals("--"))
        .anyMatch(QUIET.asMatchPredicate());
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
    Level remarks = quiet ? Level.ERROR : Level.WARN;
    context.getLogger("ROOT").setLevel(serving ? Level.WARN : remarks);
    context.getLogger("dev.larder").setLevel(serving ? Level.INFO : remarks);
    // The library of tokenizers looks for a GPU, which it is not made for, and warns of finding
    // none.
    context.getLogger("ai.djl").setLevel(Level.ERROR);
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }
}
