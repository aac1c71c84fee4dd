package dev.larder.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Addresses as they are sent: what is decoded is encoded to something that decodes to the same. */
public final class AddressFuzz {
  private static final Hosts HOSTS =
      new Hosts(Set.of("models.example"), Optional.of("https://cache.example:8443/x"));

  private AddressFuzz() {}

  public static void fuzzerTestOneInput(byte[] input) {
    String raw = new String(input, StandardCharsets.ISO_8859_1);
    List<String> segments = RawText.segments(raw);
    String joined = String.join("/", segments);
    if (!joined.equals(raw.startsWith("/") ? raw.substring(1) : raw)) {
      throw new IllegalStateException("the segments are not the path");
    }
    for (String segment : segments) {
      RawText.decode(segment).ifPresent(AddressFuzz::again);
    }
    RawText.decode(new String(input, StandardCharsets.UTF_8));
    if (HOSTS.allows(raw) && !raw.matches("[A-Za-z0-9.:\\[\\]%_~-]+")) {
      throw new IllegalStateException("a host that is none is allowed");
    }
    if (!Printable.of(raw).matches("[\\x21-\\x7e]*")) {
      throw new IllegalStateException("something not printable is printed");
    }
  }

  private static void again(String decoded) {
    StringBuilder encoded = new StringBuilder();
    for (byte b : decoded.getBytes(StandardCharsets.UTF_8)) {
      encoded.append("%%%02x".formatted(b & 0xff));
    }
    if (!RawText.decode(encoded.toString()).equals(Optional.of(decoded))) {
      throw new IllegalStateException("decoding is not the reverse of encoding");
    }
  }
}
