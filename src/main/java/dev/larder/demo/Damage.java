package dev.larder.demo;

import dev.larder.content.Digest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.EnumSet;
import java.util.Set;

/** What a failing disk does: one byte of a file is another one, and nothing else tells of it. */
final class Damage {
  private Damage() {}

  /** Inverts the byte in the middle; size, permissions and modification time stay. */
  static void oneByte(Path link) {
    try {
      invertMiddle(link);
    } catch (IOException e) {
      throw new DemoException.HubFailed("damage one byte of " + link, e);
    }
  }

  /** SHA-256 of the bytes on disk now. */
  static Digest digest(Path file) {
    try {
      return DemoFile.digest(file);
    } catch (IOException e) {
      throw new DemoException.HubFailed("read " + file, e);
    }
  }

  private static void invertMiddle(Path link) throws IOException {
    Path file = link.toRealPath();
    Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
    FileTime modified = Files.getLastModifiedTime(file);
    Set<PosixFilePermission> writable = EnumSet.copyOf(permissions);
    writable.add(PosixFilePermission.OWNER_WRITE);
    Files.setPosixFilePermissions(file, writable);
    try (FileChannel bytes =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      long middle = bytes.size() / 2;
      ByteBuffer one = ByteBuffer.allocate(1);
      bytes.read(one, middle);
      one.put(0, (byte) ~one.get(0));
      bytes.write(one.flip(), middle);
    }
    Files.setLastModifiedTime(file, modified);
    Files.setPosixFilePermissions(file, permissions);
  }
}
