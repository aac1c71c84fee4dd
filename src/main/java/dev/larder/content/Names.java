package dev.larder.content;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** The one place where names from outside are judged before they become paths on disk. */
final class Names {
  private static final int MAX_PART_BYTES = 255;
  private static final int MAX_BYTES = 1024;

  private static final String UNREADABLE = "it has a control character or a direction mark";

  /** Names that Windows gives to devices: such a file could never be checked out there. */
  private static final Set<String> DEVICES =
      Set.of("con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "lpt1", "lpt2", "lpt3");

  private Names() {}

  /**
   * Throws {@link InvalidName} unless every part of {@code value} is an ordinary file name on any
   * system.
   */
  static void checkOrdinary(String what, String value) {
    checkContained(what, value);
    oddity(value)
        .ifPresent(
            reason -> {
              throw new InvalidName(what, value, reason);
            });
  }

  /** Throws {@link InvalidName} when a name shows less than it holds. */
  static void checkReadable(String what, String value) {
    checkContained(what, value);
    if (value.chars().anyMatch(Names::unprintable)) {
      throw new InvalidName(what, value, UNREADABLE);
    }
  }

  /** Throws {@link InvalidName} when {@code value} could leave the directory it is put into. */
  static void checkContained(String what, String value) {
    if (value.isEmpty()) {
      throw new InvalidName(what, value, "it is empty");
    }
    if (isLonger(value, MAX_BYTES)) {
      throw new InvalidName(what, value, "it is longer than " + MAX_BYTES + " bytes");
    }
    if (hasUnpaired(value)) {
      throw new InvalidName(what, value, "it is no Unicode text");
    }
    if (value.indexOf('\\') >= 0 || value.indexOf('\0') >= 0) {
      throw new InvalidName(what, value, "it has a backslash or a NUL");
    }
    int start = 0;
    for (int slash = value.indexOf('/'); slash >= 0; slash = value.indexOf('/', start)) {
      checkPart(what, value, value.substring(start, slash));
      start = slash + 1;
    }
    checkPart(what, value, value.substring(start));
  }

  /** In UTF-8, where no {@code char} has more than three bytes. */
  private static boolean isLonger(String value, int bytes) {
    return 3L * value.length() > bytes && value.getBytes(StandardCharsets.UTF_8).length > bytes;
  }

  /** Half of a character, which JSON can spell: no file has it, and two of them look alike. */
  private static boolean hasUnpaired(String value) {
    for (int at = 0; at < value.length(); at += Character.charCount(value.codePointAt(at))) {
      int c = value.codePointAt(at);
      if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
        return true;
      }
    }
    return false;
  }

  private static void checkPart(String what, String whole, String part) {
    if (part.isEmpty()) {
      throw new InvalidName(what, whole, "it has an empty part ('//' or a '/' at an end)");
    }
    if (part.equals(".") || part.equals("..")) {
      throw new InvalidName(what, whole, "'.' and '..' are not allowed");
    }
    if (isLonger(part, MAX_PART_BYTES)) {
      throw new InvalidName(what, whole, "a part is longer than " + MAX_PART_BYTES + " bytes");
    }
  }

  /** Why a contained name is not an ordinary one on every system. */
  static Optional<String> oddity(String value) {
    if (value.chars().anyMatch(Names::unprintable)) {
      return Optional.of(UNREADABLE);
    }
    for (String part : value.split("/", -1)) {
      if (part.endsWith(" ") || part.endsWith(".")) {
        return Optional.of("a part ends in a space or a dot");
      }
      int dot = part.indexOf('.');
      String stem = dot < 0 ? part : part.substring(0, dot);
      if (DEVICES.contains(stem.toLowerCase(Locale.ROOT))) {
        return Optional.of("'" + stem + "' is the name of a device on some systems");
      }
    }
    return Optional.empty();
  }

  private static boolean unprintable(int c) {
    return c < 0x20
        || (c >= 0x7f && c < 0xa0)
        || (c >= 0x202a && c <= 0x202e)
        || (c >= 0x2066 && c <= 0x2069)
        || c == 0x200e
        || c == 0x200f;
  }
}
