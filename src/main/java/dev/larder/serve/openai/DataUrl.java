package dev.larder.serve.openai;

import java.util.Base64;

/** A picture in an address, RFC 2397: {@code data:image/png;base64,…}. */
final class DataUrl {
  private static final String BEGIN = "data:image/";
  private static final String BASE64 = ";base64";

  private DataUrl() {}

  /** Whether a text is meant as one. */
  static boolean isOne(String text) {
    return text.regionMatches(true, 0, BEGIN, 0, BEGIN.length());
  }

  /** Its bytes. Throws {@link BadParameter}; never fetches anything. */
  static byte[] read(String url) {
    if (!isOne(url)) {
      throw wrong("an image must be a data URL, like data:image/png;base64,…; none is fetched");
    }
    int comma = url.indexOf(',');
    if (comma < 0
        || !url.regionMatches(true, comma - BASE64.length(), BASE64, 0, BASE64.length())) {
      throw wrong("a data URL of an image must be base64: data:image/png;base64,…");
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(url.substring(comma + 1));
      if (bytes.length == 0) {
        throw wrong("a data URL of an image must not be empty");
      }
      return bytes;
    } catch (IllegalArgumentException _) {
      throw wrong("the base64 of a data URL of an image is not valid");
    }
  }

  private static BadParameter wrong(String what) {
    return new BadParameter("input", "Wrong 'input': " + what + ".");
  }
}
