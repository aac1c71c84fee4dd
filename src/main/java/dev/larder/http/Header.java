package dev.larder.http;

import io.netty.util.AsciiString;

/**
 * A header of an answer, encoded once: what goes to the wire is copied as a block, however often it
 * is sent. A field name, and a value of visible ASCII characters, spaces and tabs; no other
 * character survives. Immutable.
 */
public final class Header {
  private final AsciiString name;
  private final AsciiString value;

  private Header(AsciiString name, AsciiString value) {
    this.name = name;
    this.value = value;
  }

  public static Header of(String name, String value) {
    return new Header(AsciiString.cached(name), AsciiString.cached(value));
  }

  public String name() {
    return name.toString();
  }

  public String value() {
    return value.toString();
  }

  AsciiString encodedName() {
    return name;
  }

  AsciiString encodedValue() {
    return value;
  }

  @Override
  public String toString() {
    return name + ": " + value;
  }
}
