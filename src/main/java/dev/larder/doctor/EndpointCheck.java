package dev.larder.doctor;

import dev.larder.settings.Setting;
import dev.larder.settings.Settings;
import dev.larder.store.StoreLock.Owner;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Whom Python asks, and whom Larder asks. */
final class EndpointCheck implements Check {
  private static final String ENDPOINT = "HF_ENDPOINT";
  private static final Set<String> YES = Set.of("1", "on", "yes", "true");

  @Override
  public String subject() {
    return "endpoints";
  }

  @Override
  public List<Finding> look(Scene scene) {
    List<Finding> findings = new ArrayList<>();
    Optional<String> server = server(scene);
    itself(scene, server, findings);
    pythonOffline(scene, findings);
    String endpoint = trimmed(scene.environment().getOrDefault(ENDPOINT, ""));
    if (endpoint.isEmpty()) {
      return findings;
    }
    boolean loopback = place(endpoint).startsWith("localhost:");
    boolean ours = ours(scene.settings(), server, endpoint);
    boolean asked = loopback || (!scene.offline() && endpoint.endsWith("/hf"));
    if (asked && !ours && !scene.machine().servers().larderAnswers(endpoint)) {
      findings.add(
          Finding.of(
              Code.ENDPOINT_SILENT,
              "HF_ENDPOINT is %s, and no Larder answers there.".formatted(endpoint),
              server.isPresent() || !loopback ? "eval \"$(larder env)\"" : "larder serve"));
    } else if (!ours && (server.isPresent() || asksTheHub(scene.settings(), endpoint))) {
      findings.add(
          Finding.of(
              Code.ENDPOINT_ELSEWHERE,
              "HF_ENDPOINT is %s%s."
                  .formatted(
                      endpoint,
                      server.map(at -> ", and this Larder answers at " + at + "/hf").orElse("")),
              "eval \"$(larder env)\""));
    }
    return findings;
  }

  private static Optional<String> server(Scene scene) {
    return scene.server().map(Owner::address);
  }

  private static boolean ours(Settings settings, Optional<String> server, String endpoint) {
    return endpoint.endsWith("/hf")
        && (server.filter(at -> place(at).equals(place(endpoint))).isPresent()
            || settings
                .publicUrl()
                .filter(at -> place(at.toString()).equals(place(endpoint)))
                .isPresent());
  }

  private static boolean asksTheHub(Settings settings, String endpoint) {
    return place(settings.hubUpstream().toString()).equals(place(endpoint));
  }

  private static void itself(Scene scene, Optional<String> server, List<Finding> into) {
    String upstream = scene.settings().hubUpstream().toString();
    boolean own =
        server
            .or(() -> scene.settings().publicUrl().map(URI::toString))
            .filter(at -> place(at).equals(place(upstream)))
            .isPresent();
    if (own) {
      into.add(
          Finding.of(
              Code.UPSTREAM_IS_ITSELF,
              "LARDER_HUB_UPSTREAM is %s, which is this Larder.".formatted(upstream),
              Shell.remove("LARDER_HUB_UPSTREAM", scene.settings().place(Setting.HUB_UPSTREAM))));
    }
  }

  private static void pythonOffline(Scene scene, List<Finding> into) {
    String name = "TRANSFORMERS_OFFLINE";
    String value = scene.environment().getOrDefault(name, "");
    if (YES.contains(value.toLowerCase(Locale.ROOT)) && !scene.settings().offline()) {
      into.add(
          Finding.of(
              Code.OFFLINE_FOR_PYTHON_ONLY,
              "%s=%s is set, and LARDER_OFFLINE is not.".formatted(name, value),
              "unset " + name));
    }
  }

  private static String trimmed(String url) {
    return url.strip().replaceAll("/+$", "");
  }

  /** Host and port, in which the names of loopback are one; the text itself where it has none. */
  private static String place(String url) {
    try {
      URI uri = URI.create(url);
      String host = String.valueOf(uri.getHost()).toLowerCase(Locale.ROOT);
      String named =
          host.equals("[::1]") || host.startsWith("127.") || host.equals("0.0.0.0")
              ? "localhost"
              : host;
      int standard = Map.of("https", 443).getOrDefault(String.valueOf(uri.getScheme()), 80);
      return named + ":" + (uri.getPort() < 0 ? standard : uri.getPort());
    } catch (IllegalArgumentException _) {
      return url; // No address at all: then it is nobody's.
    }
  }
}
