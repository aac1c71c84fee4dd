package dev.larder.upkeep;

import dev.larder.content.Identity;

/** What is to be explained. */
public sealed interface WhyRequest {
  /** A repo, a revision or a file of it. */
  record OfTarget(VerifyTarget target) implements WhyRequest {
    @Override
    public String toString() {
      return target.toString();
    }
  }

  /** Bytes, by the name of their blob. */
  record OfBytes(Identity identity) implements WhyRequest {
    @Override
    public String toString() {
      return PREFIX + identity.hex();
    }
  }

  String PREFIX = "blob:";

  /** Reads what {@code toString} writes. Throws {@link dev.larder.content.InvalidName}. */
  static WhyRequest read(String text) {
    return text.startsWith(PREFIX)
        ? new OfBytes(Identity.ofHex(text.substring(PREFIX.length())))
        : new OfTarget(VerifyTarget.read(text));
  }
}
