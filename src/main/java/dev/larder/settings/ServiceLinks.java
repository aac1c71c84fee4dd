package dev.larder.settings;

import java.util.regex.Pattern;

/**
 * Variables that Kubernetes puts into a pod for each service of its namespace: a service called
 * {@code larder} gives {@code LARDER_PORT=tcp://10.0.0.1:8090}, {@code LARDER_SERVICE_HOST} and
 * more, one called {@code larder-hub} gives {@code LARDER_HUB_PORT}. They are nobody's settings.
 * Kubernetes documentation, "Accessing the Service: environment variables".
 */
final class ServiceLinks {
  private static final Pattern NAME =
      Pattern.compile(
          "LARDER_(?:SERVICE_.*|PORT_.*|.+_SERVICE_(?:HOST|PORT)(?:_.*)?|.+_PORT_\\d+_(?:TCP|UDP|SCTP).*)");
  private static final Pattern ADDRESS = Pattern.compile("(?:tcp|udp|sctp)://.*");

  private ServiceLinks() {}

  static boolean matches(String name, String value) {
    return NAME.matcher(name).matches()
        || (name.startsWith("LARDER_")
            && name.endsWith("_PORT")
            && ADDRESS.matcher(value).matches());
  }
}
