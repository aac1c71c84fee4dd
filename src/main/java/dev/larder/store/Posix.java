package dev.larder.store;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import dev.larder.content.FileStat;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The system calls that Java has no words for, and the only class that calls native code: {@code
 * open}, {@code close}, {@code pread}, {@code fchmod}, {@code fsync}, {@code flock}, {@code statx}
 * and {@code ioctl(FICLONE)} of Linux.
 *
 * <p>Every memory segment lives for one call. Failures carry errno as the matching {@link
 * FileSystemException}. Constants are the kernel's user API, the same on every 64-bit architecture
 * but where it is said.
 */
final class Posix {
  static final int ENOENT = 2;
  private static final int EINTR = 4;
  static final int EAGAIN = 11;
  private static final int EACCES = 13;
  private static final int EEXIST = 17;

  static final int O_RDONLY = 0;
  static final int O_RDWR = 2;
  static final int O_CREAT = 0100;
  static final int O_NONBLOCK = 04000;
  static final int O_NOATIME = 01000000;
  static final int O_PATH = 010000000;
  static final int O_CLOEXEC = 02000000;

  /** The two flags that Linux numbers differently there: {@code arch/arm64/.../fcntl.h}. */
  private static final boolean OTHER_NUMBERS =
      Set.of("aarch64", "ppc64", "ppc64le").contains(System.getProperty("os.arch"));

  static final int O_DIRECTORY = OTHER_NUMBERS ? 040000 : 0200000;
  static final int O_NOFOLLOW = OTHER_NUMBERS ? 0100000 : 0400000;

  private static final int LOCK_EX_NB = 2 | 4;
  private static final int LOCK_UN = 8;
  private static final long FICLONE = 0x40049409L;
  private static final int AT_FDCWD = -100;
  private static final int AT_SYMLINK_NOFOLLOW = 0x100;
  private static final int AT_EMPTY_PATH = 0x1000;
  private static final int STATX_BASIC_STATS = 0x7ff;

  /** More than any C library's struct has. */
  private static final long STATVFS_BYTES = 256;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final VarHandle ERRNO =
      Linker.Option.captureStateLayout().varHandle(PathElement.groupElement("errno"));

  private static final MethodHandle OPEN =
      call(
          "open",
          FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      call("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle PREAD =
      call("pread", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS, JAVA_LONG, JAVA_LONG));
  private static final MethodHandle FCHMOD =
      call("fchmod", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle FSYNC =
      call("fsync", FunctionDescriptor.of(JAVA_INT, JAVA_INT));
  private static final MethodHandle FLOCK =
      call("flock", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT));
  private static final MethodHandle IOCTL =
      call(
          "ioctl",
          FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle STATX =
      call(
          "statx", FunctionDescriptor.of(JAVA_INT, JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle STATVFS =
      call("statvfs", FunctionDescriptor.of(JAVA_INT, ADDRESS, ADDRESS));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"), FunctionDescriptor.of(ADDRESS, JAVA_INT));

  private Posix() {}

  /** A descriptor that no child process inherits. */
  static int open(Path path, int flags, int mode) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment name = arena.allocateFrom(path.toString());
      int descriptor = (int) OPEN.invokeExact(state, name, flags | O_CLOEXEC, mode);
      if (descriptor < 0) {
        throw failure("open", path, errno(state));
      }
      return descriptor;
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  static void close(int descriptor) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      if ((int) CLOSE.invokeExact(state, descriptor) < 0) {
        throw new IOException("close: " + explain(errno(state)));
      }
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  /** {@code pread(2)}: how many bytes were read into {@code bytes}, 0 at the end. */
  static int read(int descriptor, Path path, MemorySegment bytes, long position)
      throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      while (true) {
        long count = (long) PREAD.invokeExact(state, descriptor, bytes, bytes.byteSize(), position);
        if (count >= 0) {
          return (int) count;
        }
        if (errno(state) != EINTR) {
          throw failure("read", path, errno(state));
        }
      }
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  /** Of an open file. */
  static long size(int descriptor, Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment none = arena.allocateFrom("");
      MemorySegment stat = arena.allocate(StatxLayout.BYTES, 8);
      int result =
          (int) STATX.invokeExact(state, descriptor, none, AT_EMPTY_PATH, STATX_BASIC_STATS, stat);
      if (result < 0) {
        throw failure("stat", path, errno(state));
      }
      return StatxLayout.read(stat).sizeBytes();
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  static void chmod(int descriptor, Path path, int mode) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      if ((int) FCHMOD.invokeExact(state, descriptor, mode) < 0) {
        throw failure("chmod", path, errno(state));
      }
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  /** {@code fsync(2)} through a descriptor of its own, opened with {@code flags} more. */
  static void sync(Path path, int flags) throws IOException {
    int descriptor = open(path, O_RDONLY | O_NONBLOCK | flags, 0);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      if ((int) FSYNC.invokeExact(state, descriptor) < 0) {
        throw failure("fsync", path, errno(state));
      }
    } catch (Throwable e) {
      throw passed(e);
    } finally {
      close(descriptor);
    }
  }

  /** {@code flock(2)}, exclusive, without waiting; false when somebody else holds it. */
  static boolean flock(int descriptor, Path path) throws IOException {
    return flock(descriptor, LOCK_EX_NB, path);
  }

  /** Gives up a lock by {@link #flock}, for every descriptor that shares it. */
  static void unlock(int descriptor, Path path) throws IOException {
    flock(descriptor, LOCK_UN, path);
  }

  private static boolean flock(int descriptor, int operation, Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      if ((int) FLOCK.invokeExact(state, descriptor, operation) == 0) {
        return true;
      }
      if (errno(state) == EAGAIN) {
        return false;
      }
      throw failure("flock", path, errno(state));
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  /** Makes {@code target} share the extents of {@code source}; false when they cannot. */
  static boolean cloneExtents(int target, int source) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      return (int) IOCTL.invokeExact(state, target, FICLONE, source) == 0;
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  /** {@code statx(2)} of the name itself. */
  static Optional<FileStat> stat(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      return new Statx(arena).at(AT_FDCWD, path.toString(), path);
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  /** {@link #stat} of names below a directory, which is looked up once. */
  static List<Optional<FileStat>> statAll(Path directory, List<String> names) throws IOException {
    int descriptor;
    try {
      descriptor = open(directory, O_PATH | O_DIRECTORY, 0);
    } catch (NoSuchFileException _) {
      return Collections.nCopies(names.size(), Optional.empty()); // Nor is anything below it.
    }
    try (Arena arena = Arena.ofConfined()) {
      Statx statx = new Statx(arena);
      List<Optional<FileStat>> all = new ArrayList<>(names.size());
      for (String name : names) {
        all.add(
            name.isEmpty() // The name of the directory itself, which may be a link.
                ? statx.at(AT_FDCWD, directory.toString(), directory)
                : statx.at(descriptor, name, directory));
      }
      return all;
    } catch (Throwable e) {
      throw passed(e);
    } finally {
      close(descriptor);
    }
  }

  /** The memory of one {@code statx} after the other. */
  private static final class Statx {
    private static final long NAME_BYTES = 1024;

    private final Arena arena;
    private final MemorySegment state;
    private final MemorySegment answer;
    private final MemorySegment room;

    Statx(Arena arena) {
      this.arena = arena;
      state = arena.allocate(Linker.Option.captureStateLayout());
      answer = arena.allocate(StatxLayout.BYTES, 8);
      room = arena.allocate(NAME_BYTES);
    }

    /** {@code shown}: for what goes wrong. */
    Optional<FileStat> at(int directory, String name, Path shown) throws Throwable {
      MemorySegment path = spelled(name);
      int result =
          (int)
              STATX.invokeExact(
                  state, directory, path, AT_SYMLINK_NOFOLLOW, STATX_BASIC_STATS, answer);
      if (result == 0) {
        return Optional.of(StatxLayout.read(answer));
      }
      if (errno(state) == ENOENT) {
        return Optional.empty();
      }
      throw failure("stat", shown.resolve(name), errno(state));
    }

    private MemorySegment spelled(String name) {
      if (3L * name.length() >= NAME_BYTES) { // No character has more bytes.
        return arena.allocateFrom(name);
      }
      room.setString(0, name);
      return room;
    }
  }

  /**
   * {@code statvfs(3)} of the file system that holds {@code path}. The first eight fields of the
   * struct have 64 bits each in every 64-bit C library.
   */
  static Volume volume(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
      MemorySegment name = arena.allocateFrom(path.toString());
      MemorySegment answer = arena.allocate(STATVFS_BYTES, 8);
      if ((int) STATVFS.invokeExact(state, name, answer) < 0) {
        throw failure("statvfs", path, errno(state));
      }
      long unit = answer.get(JAVA_LONG, 8);
      return new Volume(
          unit * answer.get(JAVA_LONG, 16),
          unit * answer.get(JAVA_LONG, 32),
          answer.get(JAVA_LONG, 40),
          answer.get(JAVA_LONG, 56));
    } catch (Throwable e) {
      throw passed(e);
    }
  }

  private static MethodHandle call(
      String name, FunctionDescriptor shape, Linker.Option... options) {
    Linker.Option[] all = new Linker.Option[options.length + 1];
    System.arraycopy(options, 0, all, 0, options.length);
    all[options.length] = Linker.Option.captureCallState("errno");
    return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, all);
  }

  private static int errno(MemorySegment state) {
    return (int) ERRNO.get(state, 0L);
  }

  private static IOException failure(String call, Path path, int errno) {
    return switch (errno) {
      case ENOENT -> new NoSuchFileException(path.toString());
      case EACCES -> new AccessDeniedException(path.toString());
      case EEXIST -> new FileAlreadyExistsException(path.toString());
      default -> new FileSystemException(path.toString(), null, call + ": " + explain(errno));
    };
  }

  private static String explain(int errno) {
    try {
      MemorySegment text = (MemorySegment) STRERROR.invokeExact(errno);
      return text.reinterpret(1024).getString(0);
    } catch (Throwable _) {
      return "errno " + errno; // The failure itself matters more than its words.
    }
  }

  /** What a method handle threw, typed. */
  private static IOException passed(Throwable e) {
    return switch (e) {
      case IOException io -> io;
      case RuntimeException bug -> throw bug;
      case Error error -> throw error;
      default -> new IOException(e);
    };
  }
}
