package dev.larder.http;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Text of a request's address. The decoder gives one char per byte, so a char above 0x7f is a byte
 * that a client did not escape (llama.cpp does not escape paths).
 */
final class RawText {
  private RawText() {}

  /** Splits at {@code /} after the first; an empty part stays visible as an empty string. */
  static List<String> segments(String path) {
    List<String> parts = new ArrayList<>(8);
    int from = path.startsWith("/") ? 1 : 0;
    for (int slash; (slash = path.indexOf('/', from)) >= 0; from = slash + 1) {
      parts.add(path.substring(from, slash));
    }
    parts.add(path.substring(from));
    return parts;
  }

  /** Undoes percent-encoding once; empty for a bad escape or what is no UTF-8. */
  static Optional<String> decode(String raw) {
    if (isPlain(raw)) {
      return Optional.of(raw);
    }
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        int value =
            i + 2 < raw.length() ? hex(raw.charAt(i + 1)) << 4 | hex(raw.charAt(i + 2)) : -1;
        if (value < 0) {
          return Optional.empty();
        }
        bytes[length++] = (byte) value;
        i += 2;
      } else if (c > 0xff) {
        return Optional.empty();
      } else {
        bytes[length++] = (byte) c;
      }
    }
    return utf8(bytes, length);
  }

  private static boolean isPlain(String raw) {
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%' || c > 0x7f) {
        return false;
      }
    }
    return true;
  }

  private static Optional<String> utf8(byte[] bytes, int length) {
    try {
      return Optional.of(
          StandardCharsets.UTF_8
              .newDecoder()
              .onMalformedInput(CodingErrorAction.REPORT)
              .onUnmappableCharacter(CodingErrorAction.REPORT)
              .decode(ByteBuffer.wrap(bytes, 0, length))
              .toString());
    } catch (CharacterCodingException _) {
      return Optional.empty(); // No text: who asks refuses it.
    }
  }

  /** -1 when it is no hexadecimal digit, so that an or of two stays negative. */
  private static int hex(char c) {
    return Character.digit(c < 0x80 ? c : 'x', 16);
  }
}
