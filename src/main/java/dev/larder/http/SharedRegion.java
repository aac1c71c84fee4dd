package dev.larder.http;

import io.netty.channel.DefaultFileRegion;
import java.nio.channels.FileChannel;

/** A part of a file for {@code sendfile}, whose channel belongs to somebody else and stays open. */
final class SharedRegion extends DefaultFileRegion {
  SharedRegion(FileChannel channel, long offset, long length) {
    super(channel, offset, length);
  }

  @Override
  protected void deallocate() {}
}
