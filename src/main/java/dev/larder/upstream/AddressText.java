package dev.larder.upstream;

import java.nio.charset.Charset;
import java.util.HexFormat;

/** Address text from outside, made fit for {@link java.net.URI}. */
public final class AddressText {
  private static final String NOT_IN_ADDRESSES = "\"<>\\^`{|}";

  private AddressText() {}

  /**
   * What is legal stays as it is; other characters, and percent signs that encode nothing, are
   * percent-encoded. The result holds neither spaces nor control characters.
   */
  public static String escaped(String text, Charset charset) {
    byte[] bytes = text.getBytes(charset);
    StringBuilder out = new StringBuilder(bytes.length);
    for (int at = 0; at < bytes.length; at++) {
      int c = bytes[at] & 0xff;
      boolean stray = c == '%' && !encodes(bytes, at);
      if (stray || c <= 0x20 || c >= 0x7f || NOT_IN_ADDRESSES.indexOf(c) >= 0) {
        out.append('%').append(HexFormat.of().withUpperCase().toHexDigits(bytes[at]));
      } else {
        out.append((char) c);
      }
    }
    return out.toString();
  }

  private static boolean encodes(byte[] bytes, int at) {
    return at + 2 < bytes.length
        && HexFormat.isHexDigit(bytes[at + 1])
        && HexFormat.isHexDigit(bytes[at + 2]);
  }
}
