package dev.larder.doctor;

import dev.larder.upstream.Cidr;
import dev.larder.upstream.Deadline;
import dev.larder.upstream.EgressGuard;
import dev.larder.upstream.Fields;
import dev.larder.upstream.Origin;
import dev.larder.upstream.Throttle;
import dev.larder.upstream.UpstreamException;
import dev.larder.upstream.Wire;
import dev.larder.upstream.WireRequest;
import dev.larder.upstream.WireResponse;
import dev.larder.upstream.WireSettings;
import java.net.URI;
import java.time.Duration;

/** What came of one question to the hub. */
sealed interface HubAnswer {
  /** Any answer, whatever it says. */
  record Answered(int status, Fields fields) implements HubAnswer {}

  record Failed(UpstreamException failure) implements HubAnswer {}

  Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * Asks who the caller is: the smallest question that shows whether the hub can be reached and
   * whether it takes {@code token}, which is empty for nobody.
   */
  static HubAnswer of(Scene scene, String token) {
    URI base = scene.settings().hubUpstream();
    var allowed =
        scene.settings().allowPrivate().stream().map(c -> Cidr.parse(c.toString())).toList();
    WireSettings patience = WireSettings.DEFAULT.withStallTimeout(PATIENCE);
    try (Wire wire =
            new Wire(new EgressGuard(Origin.of(base), allowed), patience, Throttle.unlimited());
        WireResponse response = wire.send(question(base, token), Deadline.after(PATIENCE))) {
      return new Answered(response.status(), response.fields());
    } catch (UpstreamException e) {
      return new Failed(e);
    }
  }

  private static WireRequest question(URI base, String token) {
    URI address = URI.create(base.toString().replaceAll("/+$", "") + "/api/whoami-v2");
    WireRequest request = WireRequest.get(address, "whoami-v2");
    return token.isEmpty() ? request : request.with("Authorization", "Bearer " + token);
  }
}
