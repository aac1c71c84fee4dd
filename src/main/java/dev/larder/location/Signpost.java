package dev.larder.location;

import dev.larder.content.Disk;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * A small file in a root that says where the location went, or where it comes from:
 *
 * <pre>{@code
 * location 1
 * copy
 * /mnt/new
 * This Larder cache …
 * }</pre>
 *
 * {@code larder.moved} in the old root is what decides: from when it is there, the cache is the one
 * in the new root. {@code larder.moving} in the new root is there while that one is not whole.
 */
record Signpost(Path other, Mode mode) {
  private static final String MOVED = "larder.moved";
  private static final String MOVING = "larder.moving";
  private static final int READABLE = 0644; // It tells whoever looks for the cache.
  private static final String FIRST_LINE = "location 1";

  /** How the files go; {@code DONE}: they went, and what lies there now came since. */
  enum Mode {
    RENAME,
    COPY,
    DONE
  }

  /** In an old root: where the cache is now. */
  static Optional<Signpost> moved(Path root) throws IOException {
    return read(root.resolve(MOVED));
  }

  /** In a new root: where the cache comes from. */
  static Optional<Signpost> moving(Path root) throws IOException {
    return read(root.resolve(MOVING));
  }

  static boolean isOne(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.startsWith(MOVED) || name.startsWith(MOVING);
  }

  void putMoved(Disk disk, Path root) throws IOException {
    write(disk, root, MOVED, "This Larder cache was moved to the directory above; set it there.");
  }

  void putMoving(Disk disk, Path root) throws IOException {
    write(disk, root, MOVING, "This Larder cache is not whole: it is being moved from there.");
  }

  static void removeMoving(Disk disk, Path root) throws IOException {
    disk.delete(root.resolve(MOVING));
    disk.syncDirectory(root);
  }

  /** Of a location that comes back to where it once was. */
  static void removeMoved(Disk disk, Path root) throws IOException {
    disk.delete(root.resolve(MOVED));
    disk.syncDirectory(root);
  }

  private void write(Disk disk, Path root, String name, String remark) throws IOException {
    String text =
        String.join(
            "\n", FIRST_LINE, mode.name().toLowerCase(Locale.ROOT), other.toString(), remark, "");
    Path temporary = root.resolve(name + ".new");
    disk.delete(temporary);
    try (WritableFile file = disk.create(temporary)) {
      file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
      disk.chmod(temporary, READABLE);
      file.sync();
    }
    disk.rename(temporary, root.resolve(name));
    disk.syncDirectory(root);
  }

  private static Path root(Path signpost) {
    return Objects.requireNonNull(signpost.getParent());
  }

  private static Optional<Signpost> read(Path file) throws IOException {
    List<String> lines;
    try {
      lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException _) {
      return Optional.empty(); // None was put there.
    } catch (FileSystemException e) {
      if (Files.isRegularFile(root(file))) {
        return Optional.empty(); // Whoever opens the root says what it is.
      }
      throw e;
    }
    try {
      if (lines.size() >= 3 && lines.getFirst().equals(FIRST_LINE)) {
        Mode mode = Mode.valueOf(lines.get(1).toUpperCase(Locale.ROOT));
        return Optional.of(new Signpost(Path.of(lines.get(2)), mode));
      }
    } catch (InvalidPathException e) {
      throw new IOException(file + " names no path", e);
    } catch (IllegalArgumentException e) {
      throw new IOException(file + " was written by another version", e);
    }
    throw new IOException(file + " cannot be understood");
  }
}
