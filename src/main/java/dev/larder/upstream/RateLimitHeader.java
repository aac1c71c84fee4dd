package dev.larder.upstream;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the headers {@code RateLimit: "api";r=0;t=55} and {@code RateLimit-Policy: "fixed
 * window";"api";q=500;w=300} of the hub say: of {@code quota} requests in a window, {@code
 * remaining} are left until it ends in {@code resetSeconds}.
 */
record RateLimitHeader(
    Optional<String> bucket,
    OptionalLong remaining,
    OptionalLong resetSeconds,
    OptionalLong quota,
    OptionalLong windowSeconds) {
  static final RateLimitHeader NOTHING =
      new RateLimitHeader(
          Optional.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty(),
          OptionalLong.empty());

  private static final Pattern NAME = Pattern.compile("\\s*\"([A-Za-z0-9 _.-]{1,40})\".*");

  static RateLimitHeader of(Fields fields) {
    String limit = fields.find("RateLimit").orElse("");
    String policy = fields.find("RateLimit-Policy").orElse("");
    Matcher name = NAME.matcher(limit);
    return new RateLimitHeader(
        name.matches() ? Optional.of(name.group(1)) : Optional.empty(),
        number(limit, "r"),
        number(limit, "t"),
        number(policy, "q"),
        number(policy, "w"));
  }

  /** A parameter; one that is no number of a sensible length is as if it were not there. */
  private static OptionalLong number(String text, String parameter) {
    Matcher found =
        Pattern.compile(";\\s*" + parameter + "=([0-9]{1,18})\\s*(?:[;,].*)?$").matcher(text);
    return found.find() ? OptionalLong.of(Long.parseLong(found.group(1))) : OptionalLong.empty();
  }

  /** How long to wait, when nothing is left. */
  Optional<Duration> exhausted() {
    boolean none = remaining.isPresent() && remaining.getAsLong() == 0;
    return none && resetSeconds.isPresent()
        ? Optional.of(Duration.ofSeconds(resetSeconds.getAsLong()))
        : Optional.empty();
  }
}
