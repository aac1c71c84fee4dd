package dev.larder.store;

import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** A file of this machine, open for reading and writing. */
final class LocalFile implements WritableFile {
  private final FileChannel channel;

  LocalFile(FileChannel channel) {
    this.channel = channel;
  }

  @Override
  public void write(ByteBuffer data, long position) throws IOException {
    long at = position;
    while (data.hasRemaining()) {
      at += channel.write(data, at);
    }
  }

  @Override
  public FileChannel channel() {
    return channel;
  }

  @Override
  public void sync() throws IOException {
    channel.force(true);
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    channel.truncate(sizeBytes);
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
