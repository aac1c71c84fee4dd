package dev.larder.provision;

/** One entry of a tar file. {@code target}: the text of a link, else empty. */
record TarEntry(String name, Kind kind, long sizeBytes, String target) {
  /** The only kinds that are ever read or written. */
  enum Kind {
    FILE,
    DIRECTORY,
    LINK
  }

  static TarEntry file(String name, long sizeBytes) {
    return new TarEntry(name, Kind.FILE, sizeBytes, "");
  }

  static TarEntry link(String name, String target) {
    return new TarEntry(name, Kind.LINK, 0, target);
  }
}
