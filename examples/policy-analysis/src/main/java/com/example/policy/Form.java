package com.example.policy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parts of a {@code multipart/form-data} body (RFC 7578), by their names. */
record Form(Map<String, byte[]> parts) {
  private static final Pattern BOUNDARY =
      Pattern.compile("(?i)multipart/form-data\\s*;.*?boundary=(?:\"([^\"]+)\"|([^;\\s]+)).*");
  private static final Pattern NAME = Pattern.compile("(?i)\\bname=(?:\"([^\"]*)\"|([^;\\s]+))");
  private static final int MOST_PARTS = 50;

  static Form parse(String contentType, byte[] body) throws Refused {
    Matcher boundary = BOUNDARY.matcher(contentType);
    if (!boundary.matches()) {
      throw new Refused(
          415,
          "form-missing",
          "Send a form (multipart/form-data) with the part policy_file, as curl -F does.");
    }
    String name = boundary.group(1) == null ? boundary.group(2) : boundary.group(1);
    return new Form(split(body, "--" + name));
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(parts.get(name))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8).strip())
        .filter(text -> !text.isEmpty());
  }

  private static Map<String, byte[]> split(byte[] body, String delimiter) throws Refused {
    // One char for each byte, so that places in it are places in the body.
    String text = new String(body, StandardCharsets.ISO_8859_1);
    Map<String, byte[]> parts = new HashMap<>();
    int at = text.startsWith(delimiter) ? 0 : text.indexOf("\r\n" + delimiter) + 2;
    if (at == 1) {
      throw broken("the boundary that its header names is not in it");
    }
    at += delimiter.length();
    while (!text.startsWith("--", at)) {
      int head = text.indexOf("\r\n", at) + 2;
      int content = text.indexOf("\r\n\r\n", at);
      int end = content < 0 ? -1 : text.indexOf("\r\n" + delimiter, content + 2);
      if (head < 2 || end < 0 || parts.size() >= MOST_PARTS) {
        throw broken("it ends before its last boundary, or has more than " + MOST_PARTS + " parts");
      }
      Matcher name = NAME.matcher(text.substring(Math.min(head, content), content));
      if (name.find()) {
        int begin = Math.min(content + 4, end);
        parts.put(
            name.group(1) == null ? name.group(2) : name.group(1),
            java.util.Arrays.copyOfRange(body, begin, end));
      }
      at = end + 2 + delimiter.length();
    }
    return parts;
  }

  private static Refused broken(String why) {
    return new Refused(400, "form-broken", "The form could not be read: " + why + ".");
  }
}
