package dev.larder.store;

import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file of this machine, open for reading and writing. Interrupting a writer does no harm. */
final class LocalFile implements WritableFile {
  private final Path path;
  private volatile FileChannel channel;
  private volatile boolean closed;

  LocalFile(Path path, FileChannel channel) {
    this.path = path;
    this.channel = channel;
  }

  /** Of a file that is there. */
  static FileChannel open(Path path) throws IOException {
    return FileChannel.open(
        path, StandardOpenOption.READ, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void write(ByteBuffer data, long position) throws IOException {
    int start = data.position();
    Uninterrupted.run(
        () -> {
          while (data.hasRemaining()) {
            int _ = usable().write(data, position + data.position() - start);
          }
        });
  }

  @Override
  public FileChannel channel() {
    try {
      return usable();
    } catch (IOException e) {
      StoreLog.LOG.warn("{} cannot be opened again", path, e);
      return channel;
    }
  }

  private FileChannel usable() throws IOException {
    FileChannel current = channel;
    return current.isOpen() || closed ? current : reopened();
  }

  private synchronized FileChannel reopened() throws IOException {
    if (!channel.isOpen() && !closed) {
      channel = open(path);
    }
    return channel;
  }

  @Override
  public void sync() throws IOException {
    // Through a descriptor of its own: a channel's force() that is interrupted hides its outcome.
    // Linux reports an error that nobody has seen yet to a new descriptor as well.
    Posix.sync(path, Posix.O_NOFOLLOW);
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    Uninterrupted.run(() -> usable().truncate(sizeBytes));
  }

  @Override
  public long size() throws IOException {
    return usable().size();
  }

  @Override
  public synchronized void close() throws IOException {
    closed = true;
    channel.close();
  }
}
