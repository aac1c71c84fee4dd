package dev.larder.http;

import io.netty.util.NetUtil;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Names under which this server answers. A page in somebody's browser can point a name of its own
 * at this machine; it cannot make the browser send another {@code Host}.
 */
final class Hosts {
  private static final Path MACHINE = Path.of("/proc/sys/kernel/hostname");

  /** The interface of a link-local address (RFC 6874), as clients send it: encoded or not. */
  private static final Pattern ZONE = Pattern.compile("%[A-Za-z0-9._~%-]+");

  private final Set<String> names = new HashSet<>();
  private final boolean any;

  Hosts(Set<String> configured, Optional<String> publicUrl) {
    any = configured.contains("*");
    names.add("localhost");
    configured.forEach(name -> names.add(plain(name)));
    publicUrl.map(url -> URI.create(url).getHost()).ifPresent(name -> names.add(plain(name)));
    machine().ifPresent(name -> names.add(plain(name)));
  }

  /** {@code authority} as {@code Host} has it: a name or an address, perhaps with a port. */
  boolean allows(String authority) {
    int colon = portColon(authority);
    if (colon >= 0 && !isPort(authority, colon + 1)) {
      return false;
    }
    String host = colon < 0 ? authority : authority.substring(0, colon);
    return !host.isEmpty() && (any || isAddress(host) || names.contains(plain(host)));
  }

  /** Where the port's colon is, -1 without one; an IPv6 address has its colons in brackets. */
  private static int portColon(String authority) {
    int bracket = authority.lastIndexOf(']');
    return authority.indexOf(':', bracket + 1);
  }

  private static boolean isPort(String authority, int from) {
    int digits = authority.length() - from;
    if (digits > 5) {
      return false;
    }
    for (int i = from; i < authority.length(); i++) {
      if (authority.charAt(i) < '0' || authority.charAt(i) > '9') {
        return false;
      }
    }
    return true;
  }

  private static boolean isAddress(String host) {
    char first = host.charAt(0);
    if (first >= '0' && first <= '9') {
      return NetUtil.isValidIpV4Address(host);
    }
    if (first != '[' || !host.endsWith("]")) {
      return false;
    }
    int zone = host.indexOf('%');
    return NetUtil.isValidIpV6Address(host.substring(1, host.length() - 1))
        && (zone < 0 || ZONE.matcher(host.substring(zone, host.length() - 1)).matches());
  }

  private static String plain(String name) {
    String lower = name.toLowerCase(Locale.ROOT);
    return lower.endsWith(".") ? lower.substring(0, lower.length() - 1) : lower;
  }

  private static Optional<String> machine() {
    try {
      return Files.isReadable(MACHINE)
          ? Optional.of(Files.readString(MACHINE).strip()).filter(name -> !name.isEmpty())
          : Optional.empty();
    } catch (IOException _) {
      return Optional.empty(); // A name that is not known is not allowed; hosts can be set.
    }
  }
}
