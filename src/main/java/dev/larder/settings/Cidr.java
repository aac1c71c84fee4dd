package dev.larder.settings;

import java.net.InetAddress;

/** A network: an address and how many of its leading bits count. */
public record Cidr(InetAddress address, int prefixBits) {
  /** {@code 10.0.0.0/8}; without a slash the one address. Throws {@link IllegalValue}. */
  static Cidr parse(String text) {
    int slash = text.indexOf('/');
    try {
      // ofLiteral never asks a name server.
      InetAddress address = InetAddress.ofLiteral(slash < 0 ? text : text.substring(0, slash));
      int bits = address.getAddress().length * 8;
      int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
      if (prefix < 0 || prefix > bits) {
        throw new IllegalValue("'" + text + "' has a prefix beyond " + bits + " bits", null);
      }
      return new Cidr(address, prefix);
    } catch (IllegalValue e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new IllegalValue("'" + text + "' is not a network", e);
    }
  }

  public boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] theirs = other.getAddress();
    if (mine.length != theirs.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((mine[bit / 8] & mask) != (theirs[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}
