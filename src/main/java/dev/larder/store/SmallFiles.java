package dev.larder.store;

import dev.larder.content.Disk;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Notes of the store to itself: a few lines in a file that is there whole or not at all. */
record SmallFiles(Disk disk, BlobLayout layout) {
  /** At most {@code maxBytes} of it. */
  String read(Path file, int maxBytes) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(maxBytes);
    try (FileChannel channel = disk.openRead(file)) {
      while (bytes.hasRemaining() && channel.read(bytes, bytes.position()) >= 0) {
        // on to the end
      }
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
  }

  /** Replaces {@code file}; durable when it returns, apart from the name. */
  void write(Path file, String text) throws IOException {
    Path temp = layout.tmp().resolve(BlobLayout.uniqueName() + BlobLayout.MARK);
    try {
      try (WritableFile to = disk.create(temp)) {
        to.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), 0);
        to.sync();
      }
      disk.rename(temp, file);
    } finally {
      disk.delete(temp);
    }
  }
}
