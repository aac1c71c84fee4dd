package dev.larder.doctor;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Variables that send other programs through a proxy. */
final class ProxyCheck implements Check {
  @Override
  public String subject() {
    return "proxies";
  }

  @Override
  public List<Finding> look(Scene scene) {
    URI hub = scene.settings().hubUpstream();
    String host = String.valueOf(hub.getHost()).toLowerCase(Locale.ROOT);
    if (scene.offline() || excepted(scene.environment(), host)) {
      return List.of();
    }
    return variable(scene.environment(), String.valueOf(hub.getScheme()))
        .map(
            name ->
                Finding.of(
                    Code.PROXY_IGNORED,
                    "%s is set, and Larder uses no proxy.".formatted(name),
                    "curl --noproxy '*' -sSI " + Shell.quoted(hub.toString())))
        .stream()
        .toList();
  }

  private static Optional<String> variable(Map<String, String> environment, String scheme) {
    String own = scheme.toLowerCase(Locale.ROOT) + "_proxy";
    for (String name : List.of(own, own.toUpperCase(Locale.ROOT), "all_proxy", "ALL_PROXY")) {
      if (!environment.getOrDefault(name, "").isBlank()) {
        return Optional.of(name);
      }
    }
    return Optional.empty();
  }

  private static boolean excepted(Map<String, String> environment, String host) {
    String list = environment.getOrDefault("no_proxy", environment.getOrDefault("NO_PROXY", ""));
    for (String each : list.toLowerCase(Locale.ROOT).split(",", -1)) {
      String name = each.strip().replaceFirst("^\\*?\\.", "");
      if (name.equals("*")
          || (!name.isEmpty() && (host.equals(name) || host.endsWith("." + name)))) {
        return true;
      }
    }
    return false;
  }
}
