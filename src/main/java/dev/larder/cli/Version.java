package dev.larder.cli;

/** Which Larder this is. */
final class Version {
  private Version() {}

  /** {@code larder 0.1.0}. */
  static String line() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "larder " + (version == null ? "(not packaged)" : version);
  }
}
