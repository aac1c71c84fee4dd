package dev.larder.mirror;

import dev.larder.content.LarderException;
import dev.larder.content.LogRation;
import dev.larder.upstream.UpstreamException.UpstreamBusy;
import dev.larder.upstream.UpstreamException.UpstreamUnreachable;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers of the upstream that cannot be believed and that nobody meets, since what is cached was
 * answered instead: a login page, a certificate out of its time. One line a minute for each kind.
 * That it is away or busy is told where that is noticed. Safe for concurrent use.
 */
final class Doubts {
  private static final Logger LOG = LoggerFactory.getLogger(Doubts.class);

  private final LogRation ration = new LogRation(System::nanoTime);

  void staleInstead(LarderException why) {
    if (why instanceof UpstreamUnreachable
        || why instanceof UpstreamBusy
        || why instanceof MirrorException) {
      return;
    }
    OptionalLong leftOut = ration.line(why.code());
    if (leftOut.isPresent()) {
      LOG.atWarn()
          .addKeyValue("event", "upstream.doubted")
          .addKeyValue("code", why.code())
          .addKeyValue("left_out", leftOut.getAsLong())
          .log("What is cached is answered instead: {}", why.explanation());
    }
  }
}
