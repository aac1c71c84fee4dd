package dev.larder.content;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Every change that Larder makes to a file system goes through this port, so that a test can record
 * the changes and rebuild what a power cut would have left after each of them.
 *
 * <p>Nothing follows a symbolic link in the last part of a path. Nothing here retries. Safe for
 * concurrent use. Whoever calls wraps {@link IOException} in the family of its own room.
 */
public interface Disk {
  /** Creates {@code path} with mode 0600 for reading and writing; fails when the name is taken. */
  WritableFile create(Path path) throws IOException;

  /** Opens an existing file that is still private to Larder for reading and writing. */
  WritableFile reopen(Path path) throws IOException;

  /** Opens for reading. The channel can be handed to {@code sendfile}. */
  FileChannel openRead(Path path) throws IOException;

  /**
   * Opens for reading all of it as nobody's use: the access time stays, where the file system keeps
   * one and this user may leave it alone. By it people and {@code prune} tell what is in use.
   */
  ReadableFile openQuietly(Path path) throws IOException;

  /**
   * Gives the file {@code existing} a second name; {@code FileAlreadyExistsException} when it is
   * taken, never clobbers.
   */
  void link(Path existing, Path name) throws IOException;

  /**
   * Makes {@code to} (0600) a file of its own that shares the bytes of {@code from} until one of
   * them is written (a reflink). False, and nothing made, where the file system cannot; {@code
   * FileAlreadyExistsException} when the name is taken.
   */
  boolean cloneFile(Path from, Path to) throws IOException;

  /**
   * A symbolic link {@code name} with text {@code target}; {@code FileAlreadyExistsException} when
   * the name is taken.
   */
  void symlink(Path name, Path target) throws IOException;

  /** Atomic; replaces what {@code to} was. Both must be on one file system. */
  void rename(Path from, Path to) throws IOException;

  /** Removes a file or link if it is there. */
  void delete(Path path) throws IOException;

  /** Creates what is missing of a directory path and makes each new name durable. */
  void createDirectories(Path directory) throws IOException;

  /** Makes the bytes of a file that somebody else wrote durable. A failure is final. */
  void syncFile(Path path) throws IOException;

  /** Makes names created, renamed or deleted in {@code directory} durable. */
  void syncDirectory(Path directory) throws IOException;

  /** Permission bits, such as 0444. */
  void chmod(Path path, int mode) throws IOException;

  /** When the bytes of a file were last written, and last read, as far as anybody is told. */
  void setTimes(Path path, long modifiedNanos, long accessedNanos) throws IOException;

  /** What lies at {@code path} itself, without following a link; empty when nothing does. */
  Optional<FileStat> stat(Path path) throws IOException;

  /** Whether a directory lies at {@code path} itself: a link to one is none. */
  default boolean isDirectory(Path path) throws IOException {
    return stat(path).filter(found -> found.kind() == FileStat.Kind.DIRECTORY).isPresent();
  }

  /** {@link #stat} of {@code names} below {@code directory}, in their order. */
  default List<Optional<FileStat>> statAll(Path directory, List<String> names) throws IOException {
    List<Optional<FileStat>> all = new ArrayList<>(names.size());
    for (String name : names) {
      all.add(stat(directory.resolve(name)));
    }
    return all;
  }

  /** The names in {@code directory}, sorted; empty when there is none such. */
  List<Path> list(Path directory) throws IOException;

  /** Bytes an ordinary user can still write where {@code path} lies. */
  long freeBytes(Path path) throws IOException;
}
