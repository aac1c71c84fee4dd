package dev.larder.store;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32C;

/** One line of a journal: CRC-32C of what follows, a kind, arguments in URL encoding. */
record JournalLine(String kind, List<String> arguments) {
  private static final int CHECKSUM = 8;

  /** With its line end. */
  static String of(String kind, String... arguments) {
    StringBuilder text = new StringBuilder(kind);
    for (String argument : arguments) {
      text.append(' ').append(URLEncoder.encode(argument, StandardCharsets.UTF_8));
    }
    return checksum(text.toString()) + ' ' + text + '\n';
  }

  /** Of a line without its end; empty when the checksum does not match. */
  static Optional<JournalLine> parse(String line) {
    if (line.length() < CHECKSUM + 2 || line.charAt(CHECKSUM) != ' ') {
      return Optional.empty();
    }
    String text = line.substring(CHECKSUM + 1);
    if (!line.startsWith(checksum(text))) {
      return Optional.empty();
    }
    List<String> parts = new ArrayList<>();
    for (int at = 0; at <= text.length(); ) {
      int space = text.indexOf(' ', at);
      int end = space < 0 ? text.length() : space;
      parts.add(URLDecoder.decode(text.substring(at, end), StandardCharsets.UTF_8));
      at = end + 1;
    }
    return Optional.of(new JournalLine(parts.getFirst(), parts.subList(1, parts.size())));
  }

  private static String checksum(String text) {
    CRC32C crc = new CRC32C();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
