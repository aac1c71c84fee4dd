package dev.larder.doctor;

import dev.larder.access.LocalToken;
import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import dev.larder.upstream.Fields;
import dev.larder.upstream.UpstreamException;
import java.net.UnknownHostException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Asks the hub one question: can it be reached, does it take the token, what time is it there. */
final class UpstreamCheck implements Check {
  private static final Pattern ADDRESS = Pattern.compile("address ([0-9a-fA-F:.]+) is not public");
  private static final Pattern NONE_LEFT = Pattern.compile(";\\s*r=0(?:;|$)");
  private static final Duration TOLERATED = Duration.ofMinutes(5);

  @Override
  public String subject() {
    return "the hub";
  }

  @Override
  public List<Finding> look(Scene scene) {
    if (scene.offline()) {
      return List.of();
    }
    String token =
        scene.settings().upstreamToken().filter(t -> !LocalToken.looksLike(t)).orElse("");
    return switch (HubAnswer.of(scene, token)) {
      case HubAnswer.Failed(UpstreamException failure) ->
          List.of(failed(scene.settings(), failure));
      case HubAnswer.Answered(int status, Fields fields) ->
          answered(scene, !token.isEmpty(), status, fields);
    };
  }

  private static Finding failed(Settings settings, UpstreamException failure) {
    String what = failure.explanation();
    return switch (failure) {
      case UpstreamException.EgressDenied _ ->
          Finding.of(Code.UPSTREAM_DENIED, what, allow(settings, what));
      case UpstreamException.UpstreamUntrusted _ ->
          Finding.of(
              Code.UPSTREAM_UNTRUSTED,
              what,
              "sudo keytool -importcert -cacerts -alias site-ca -file ca.pem");
      case UpstreamException.UpstreamUnreachable it
          when it.getCause() instanceof UnknownHostException ->
          Finding.of(
              Code.UPSTREAM_UNREACHABLE,
              what,
              "getent hosts " + Shell.quoted(settings.hubUpstream().getHost()));
      case UpstreamException.UpstreamUnreachable _ ->
          Finding.of(Code.UPSTREAM_UNREACHABLE, what, curl(settings));
      case UpstreamException.UpstreamBusy _,
          UpstreamException.UpstreamLied _,
          UpstreamException.UpstreamRefused _ ->
          Finding.of(Code.UPSTREAM_BROKEN, what, curl(settings));
    };
  }

  /** As Larder asks it: through no proxy. */
  private static String curl(Settings settings) {
    return "curl --noproxy '*' -v " + Shell.quoted(settings.hubUpstream().toString());
  }

  private static String allow(Settings settings, String what) {
    Matcher address = ADDRESS.matcher(what);
    if (!address.find()) {
      return "larder config";
    }
    List<String> ranges = new ArrayList<>();
    settings.allowPrivate().forEach(range -> ranges.add(range.toString()));
    ranges.add(address.group(1) + (address.group(1).contains(":") ? "/128" : "/32"));
    return Shell.export("LARDER_ALLOW_PRIVATE", String.join(",", ranges));
  }

  private static List<Finding> answered(Scene scene, boolean token, int status, Fields fields) {
    List<Finding> findings = new ArrayList<>();
    Settings settings = scene.settings();
    if (token && (status == 401 || status == 403)) {
      findings.add(refused(settings, status));
    } else if (status == 429 || NONE_LEFT.matcher(fields.find("RateLimit").orElse("")).find()) {
      findings.add(limited(settings, token, fields));
    } else if (status >= 500) {
      findings.add(
          Finding.of(
              Code.UPSTREAM_BROKEN,
              "%s answers with status %d.".formatted(settings.hubUpstream(), status),
              curl(settings)));
    }
    clock(scene, fields).ifPresent(findings::add);
    return findings;
  }

  private static Finding refused(Settings settings, int status) {
    String place = settings.place(Setting.UPSTREAM_TOKEN);
    String name = place.startsWith("HF_TOKEN") ? "HF_TOKEN" : "LARDER_UPSTREAM_TOKEN";
    return Finding.of(
        Code.TOKEN_REFUSED,
        "%s does not take the token of %s (%s): status %d."
            .formatted(settings.hubUpstream(), name, place, status),
        "export %s=\"$(hf auth login --force >&2 && hf auth token)\"".formatted(name));
  }

  private static Finding limited(Settings settings, boolean token, Fields fields) {
    String left =
        fields
            .find("Retry-After")
            .or(() -> fields.find("RateLimit"))
            .map(text -> " (" + text + ")")
            .orElse("");
    return Finding.of(
        Code.RATE_LIMITED,
        "%s lets %s ask no more for now%s."
            .formatted(
                settings.hubUpstream(), token ? "this token" : "anonymous callers here", left),
        token ? "larder stats" : "export HF_TOKEN=\"$(hf auth token)\"");
  }

  /** The {@code Date} header is what the hub's own clock says. RFC 9110, 6.6.1. */
  private static Optional<Finding> clock(Scene scene, Fields fields) {
    Instant now = scene.machine().clock().instant();
    return fields
        .find("Date")
        .flatMap(UpstreamCheck::date)
        .filter(there -> Duration.between(there, now).abs().compareTo(TOLERATED) > 0)
        .map(
            there ->
                Finding.of(
                    Code.CLOCK_DIFFERS,
                    "This machine's clock says %s and the hub's %s.".formatted(now, there),
                    "sudo timedatectl set-ntp true"));
  }

  private static Optional<Instant> date(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException _) {
      return Optional.empty(); // Then nothing is known of the hub's clock.
    }
  }
}
