package dev.larder.store;

import dev.larder.content.ReadableFile;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;

/**
 * A file whose access time its reading leaves alone, where the system allows that: to its owner and
 * to root. Java opens none so. Ends as a channel does when its thread is interrupted.
 */
final class QuietFile implements ReadableFile {
  private static final int MOST_BYTES = 256 * 1024;
  private static final int FLAGS = Posix.O_RDONLY | Posix.O_NOFOLLOW | Posix.O_NONBLOCK;

  private final Path path;
  private int descriptor;
  private final Arena arena = Arena.ofConfined();
  private MemorySegment bytes = MemorySegment.NULL;

  private QuietFile(Path path, int descriptor) {
    this.path = path;
    this.descriptor = descriptor;
  }

  static QuietFile open(Path path) throws IOException {
    try {
      return new QuietFile(path, Posix.open(path, FLAGS | Posix.O_NOATIME, 0));
    } catch (FileSystemException e) {
      // EPERM: the file is somebody else's. Any other failure comes again.
      return new QuietFile(path, Posix.open(path, FLAGS, 0));
    }
  }

  @Override
  public int read(ByteBuffer into, long position) throws IOException {
    int most = Math.min(MOST_BYTES, into.remaining());
    requireOpen();
    if (most == 0) {
      return 0;
    }
    if (bytes.byteSize() < most) {
      // Asked for once, mostly: whoever reads comes with the same buffer again.
      bytes = arena.allocate(most);
    }
    int count = Posix.read(descriptor, path, bytes.asSlice(0, most), position);
    into.put(bytes.asSlice(0, count).asByteBuffer());
    return count == 0 ? -1 : count;
  }

  private void requireOpen() throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      close();
      throw new ClosedByInterruptException();
    }
    if (descriptor < 0) {
      throw new ClosedChannelException();
    }
  }

  @Override
  public long size() throws IOException {
    requireOpen();
    return Posix.size(descriptor, path);
  }

  /** Repeating it does nothing. */
  @Override
  public void close() throws IOException {
    if (descriptor >= 0) {
      int open = descriptor;
      descriptor = -1;
      try {
        arena.close();
      } finally {
        Posix.close(open);
      }
    }
  }
}
