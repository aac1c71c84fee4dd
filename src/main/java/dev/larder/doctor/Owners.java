package dev.larder.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Whose a file is and what others may do with it. */
record Owners(long uid, int mode) {
  static final int OTHERS = 0007;
  static final int GROUP = 0070;

  static Owners of(Path path) throws IOException {
    return new Owners(
        Integer.toUnsignedLong(attribute(path, "unix:uid")), attribute(path, "unix:mode") & 07777);
  }

  private static int attribute(Path path, String name) throws IOException {
    Object value = Files.getAttribute(path, name, LinkOption.NOFOLLOW_LINKS);
    if (value instanceof Integer number) {
      return number;
    }
    throw new IOException("the file system does not tell " + name + " of " + path);
  }

  boolean allows(int bits) {
    return (mode & bits) != 0;
  }

  /** Whether another user than this one owns it. */
  boolean foreignTo(OptionalLong user) {
    return user.isPresent() && user.getAsLong() != uid;
  }

  /** Makes {@code path} and what is below it this user's. */
  static String take(Scene scene, Path path) {
    String user =
        scene.process().uid().isPresent()
            ? Long.toString(scene.process().uid().getAsLong())
            : "\"$(id -u)\"";
    return "sudo chown -R " + user + " " + Shell.quoted(path);
  }

  String shownMode() {
    return "0%o".formatted(mode);
  }
}
