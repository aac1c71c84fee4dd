package dev.larder.upstream;

import dev.larder.upstream.UpstreamException.EgressDenied;
import java.net.Inet6Address;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Scheme, host and port: what a credential belongs to and what a connection leads to. The host is
 * lower-case ASCII, an IPv6 address without its brackets.
 */
public record Origin(String scheme, String host, int port) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_](?:[a-z0-9_.-]{0,252}[a-z0-9_.])?");
  private static final Pattern NUMERIC = Pattern.compile("(?:.*\\.)?(?:[0-9]+|0x[0-9a-f]*)\\.?");
  private static final String BYTE = "(?:0|[1-9][0-9]?|1[0-9][0-9]|2[0-4][0-9]|25[0-5])";
  private static final Pattern DOTTED = Pattern.compile(BYTE + "(?:\\." + BYTE + "){3}");
  private static final Pattern V6 = Pattern.compile("[0-9a-f:.]{2,45}");

  /**
   * Where {@code address} leads to. Throws {@link EgressDenied} unless it is http or https with a
   * plain host: no user information, no unusual spelling of a number, no zone.
   */
  public static Origin of(URI address) {
    String scheme = lower(address.getScheme());
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw denied("its scheme is neither https nor http");
    }
    String authority = lower(address.getRawAuthority());
    if (authority.isEmpty()) {
      throw denied("it names no host");
    }
    if (authority.contains("@")) {
      throw denied("it carries user information, and credentials are never put into addresses");
    }
    int colon = authority.startsWith("[") ? authority.indexOf("]:") + 1 : authority.indexOf(':');
    String host = colon > 0 ? authority.substring(0, colon) : authority;
    String port = colon > 0 ? authority.substring(colon + 1) : "";
    return new Origin(scheme, plainHost(host), port(port, scheme));
  }

  private static String plainHost(String host) {
    if (host.startsWith("[") && host.endsWith("]")) {
      String inner = host.substring(1, host.length() - 1);
      if (!plainV6(inner)) {
        throw denied("'" + printable(host) + "' is not a plain IPv6 address");
      }
      return inner;
    }
    if (!NAME.matcher(host).matches() || host.contains("..")) {
      throw denied("'" + printable(host) + "' is not a host name");
    }
    if (NUMERIC.matcher(host).matches() && !DOTTED.matcher(host).matches()) {
      throw denied("'" + host + "' is a number that is not written as a.b.c.d");
    }
    return host;
  }

  private static boolean plainV6(String text) {
    try {
      return V6.matcher(text).matches()
          && text.contains(":")
          && Inet6Address.ofLiteral(text) != null;
    } catch (IllegalArgumentException _) {
      return false; // It has the characters of an address and is none; the caller refuses it.
    }
  }

  private static int port(String text, String scheme) {
    if (text.isEmpty()) {
      return scheme.equals("https") ? 443 : 80;
    }
    int port = text.matches("[0-9]{1,5}") ? Integer.parseInt(text) : 0;
    if (port < 1 || port > 65535) {
      throw denied("it has no valid port");
    }
    return port;
  }

  public boolean secure() {
    return scheme.equals("https");
  }

  /** Whether the host is an address itself and needs no look-up. */
  boolean literal() {
    return host.contains(":") || DOTTED.matcher(host).matches();
  }

  /** What stands in the {@code Host} header. */
  String hostHeader() {
    String shown = host.contains(":") ? "[" + host + "]" : host;
    return port == (secure() ? 443 : 80) ? shown : shown + ":" + port;
  }

  private static String lower(@Nullable String text) {
    return text == null ? "" : text.toLowerCase(Locale.ROOT);
  }

  private static String printable(String text) {
    String shown = text.replaceAll("[^\\x21-\\x7e]", "?");
    return shown.length() > 80 ? shown.substring(0, 80) + "…" : shown;
  }

  private static EgressDenied denied(String reason) {
    return new EgressDenied(
        "Tried to follow an address, but "
            + reason
            + ". Only https://host[:port]/… (and http:// for an upstream configured so) can be asked.");
  }

  /** Safe to show: {@code https://host} or {@code http://host:8080}. */
  @Override
  public String toString() {
    return scheme + "://" + hostHeader();
  }
}
