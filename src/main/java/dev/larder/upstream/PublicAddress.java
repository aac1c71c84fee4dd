package dev.larder.upstream;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/** Which IP addresses belong to the public internet. From IANA's special-purpose registries. */
final class PublicAddress {
  private static final List<Cidr> NOT_PUBLIC_4 =
      ranges(
          "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12"
              + " 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 192.168.0.0/16 198.18.0.0/15"
              + " 198.51.100.0/24 203.0.113.0/24 224.0.0.0/4 240.0.0.0/4");
  private static final List<Cidr> NOT_PUBLIC_6 =
      ranges("2001::/23 2001:db8::/32 3fff::/20 5f00::/16");
  private static final Cidr UNICAST_6 = Cidr.parse("2000::/3");
  private static final Cidr NAT64 = Cidr.parse("64:ff9b::/96");
  private static final Cidr SIX_TO_FOUR = Cidr.parse("2002::/16");

  private PublicAddress() {}

  /** The address that packets reach in the end: the IPv4 address inside a translated IPv6 one. */
  static InetAddress effective(InetAddress address) {
    if (NAT64.contains(address)) {
      return inner(address, 12);
    }
    return SIX_TO_FOUR.contains(address) ? inner(address, 2) : address;
  }

  static boolean isPublic(InetAddress address) {
    InetAddress end = effective(address);
    if (end instanceof Inet4Address) {
      return NOT_PUBLIC_4.stream().noneMatch(range -> range.contains(end));
    }
    return UNICAST_6.contains(end) && NOT_PUBLIC_6.stream().noneMatch(range -> range.contains(end));
  }

  private static InetAddress inner(InetAddress address, int offset) {
    byte[] bytes = address.getAddress();
    try {
      return InetAddress.getByAddress(Arrays.copyOfRange(bytes, offset, offset + 4));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an IPv4 address", e);
    }
  }

  private static List<Cidr> ranges(String text) {
    return Stream.of(text.split(" ")).map(Cidr::parse).toList();
  }
}
