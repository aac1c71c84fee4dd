package dev.larder.upstream;

import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Pattern;

/** A range of IP addresses, such as {@code 10.0.0.0/8}; a bare address is a range of one. */
public record Cidr(InetAddress network, int prefixBits) {
  private static final Pattern SHAPE = Pattern.compile("([0-9a-fA-F.:]+)(?:/([0-9]{1,3}))?");

  public Cidr {
    if (prefixBits < 0 || prefixBits > network.getAddress().length * 8) {
      throw new IllegalArgumentException("the prefix is longer than the address");
    }
  }

  /** Throws {@link IllegalArgumentException} with the reason when it is none. */
  public static Cidr parse(String text) {
    var match = SHAPE.matcher(text.strip());
    if (!match.matches()) {
      throw new IllegalArgumentException("'" + text + "' is no range like 10.0.0.0/8 or fd00::/8");
    }
    InetAddress network = literal(match.group(1));
    String prefix = match.group(2);
    int bits = prefix == null ? network.getAddress().length * 8 : Integer.parseInt(prefix);
    return new Cidr(network, bits);
  }

  private static InetAddress literal(String text) {
    return text.contains(":") ? Inet6Address.ofLiteral(text) : Inet4Address.ofLiteral(text);
  }

  public boolean contains(InetAddress address) {
    byte[] ours = network.getAddress();
    byte[] theirs = address.getAddress();
    if (ours.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit += 8) {
      int used = Math.min(8, prefixBits - bit);
      int mask = (0xff << (8 - used)) & 0xff;
      if (((ours[bit / 8] ^ theirs[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return network.getHostAddress() + "/" + prefixBits;
  }
}
