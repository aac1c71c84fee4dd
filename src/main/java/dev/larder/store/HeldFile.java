package dev.larder.store;

import dev.larder.content.ForwardingFile;
import dev.larder.content.WritableFile;
import java.io.IOException;

/** A file whose directory stays open as long as it is open itself. */
final class HeldFile extends ForwardingFile {
  private final OpenDirectory directory;

  HeldFile(WritableFile file, OpenDirectory directory) {
    super(file);
    this.directory = directory;
  }

  @Override
  public void close() throws IOException {
    try (directory) {
      super.close();
    }
  }
}
