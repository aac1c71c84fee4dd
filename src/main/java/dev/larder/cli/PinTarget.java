package dev.larder.cli;

/** What a pin is given for. */
final class PinTarget {
  static final String HELP =
      "org/name, datasets/org/name, org/name@REVISION; also hf://… and the address of a repo's page"
          + " on the hub.";

  private PinTarget() {}

  /** Throws {@link UsageException} for a file: it would be kept without what it belongs to. */
  static RepoAddress parse(String text, Desk desk) {
    RepoAddress address = RepoAddress.parse(text, desk.settings().hubUpstream());
    if (!address.files().isEmpty()) {
      throw new UsageException(
          "%s is a file; pin the repo or a revision of it: %s.".formatted(text, address.repo()));
    }
    return address;
  }

  /** Who runs the command. */
  static String user() {
    return System.getProperty("user.name", "");
  }
}
