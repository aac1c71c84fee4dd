package dev.larder.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Passes everything on to another file, but what a subclass does otherwise. */
public abstract class ForwardingFile implements WritableFile {
  private final WritableFile file;

  protected ForwardingFile(WritableFile file) {
    this.file = file;
  }

  @Override
  public void write(ByteBuffer data, long position) throws IOException {
    file.write(data, position);
  }

  @Override
  public FileChannel channel() {
    return file.channel();
  }

  @Override
  public void sync() throws IOException {
    file.sync();
  }

  @Override
  public void truncate(long sizeBytes) throws IOException {
    file.truncate(sizeBytes);
  }

  @Override
  public long size() throws IOException {
    return file.size();
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
