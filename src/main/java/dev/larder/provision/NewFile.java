package dev.larder.provision;

import dev.larder.content.Disk;
import dev.larder.content.ReadableFile;
import dev.larder.content.WritableFile;
import dev.larder.store.Flock;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file that has its name only when it is whole: written beside it, synced, then renamed. One that
 * a killed process left behind goes when a file is written into its directory the next time: it is
 * locked while it is written, which the kernel ends with the process, whichever container or
 * machine runs it.
 */
final class NewFile extends OutputStream {
  private static final Logger LOG = LoggerFactory.getLogger(NewFile.class);
  private static final int BUFFER_BYTES = 1 << 20;
  private static final String SUFFIX = ".larder-part";

  private final Disk disk;
  private final Path name;
  private Path part;
  private WritableFile file;
  private @Nullable Flock lock;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private long position;
  private boolean done;

  NewFile(Disk disk, Path name) throws IOException {
    this(disk, name, new HashSet<>());
  }

  /** {@code swept}: directories that were looked through already; this one's is added. */
  NewFile(Disk disk, Path name, Set<Path> swept) throws IOException {
    this.disk = disk;
    this.name = name;
    if (swept.add(parent())) {
      sweep();
    }
    this.part = fresh();
    this.file = begin();
  }

  private Path fresh() {
    return parent().resolve(prefix() + UUID.randomUUID() + SUFFIX);
  }

  private WritableFile begin() throws IOException {
    while (true) {
      WritableFile begun = disk.create(part);
      if (hold()) {
        return begun;
      }
      begun.close();
      part = fresh();
    }
  }

  /** False when it was swept between getting its name and its lock. */
  private boolean hold() throws IOException {
    try {
      lock = Flock.tryExisting(part).orElse(null);
    } catch (NoSuchFileException _) {
      return false; // Then it begins again under another name.
    } catch (IOException _) {
      return true; // Where nothing can be locked nothing is swept either.
    }
    if (lock != null && disk.stat(part).isPresent()) {
      return true;
    }
    release();
    return false;
  }

  private Path parent() {
    return Objects.requireNonNull(name.getParent(), "an absolute path of a file");
  }

  private String prefix() {
    return "." + name.getFileName() + ".";
  }

  /** Parts that nobody writes any more. */
  private void sweep() throws IOException {
    Pattern left = Pattern.compile("\\..+\\.[0-9a-f-]{36}" + Pattern.quote(SUFFIX));
    for (Path each : disk.list(parent())) {
      if (left.matcher(String.valueOf(each.getFileName())).matches()) {
        sweep(each);
      }
    }
  }

  private void sweep(Path left) {
    try (Flock free = Flock.tryExisting(left).orElse(null)) {
      if (free != null) {
        disk.delete(left);
      }
    } catch (IOException e) {
      LOG.debug("{} stays: it went meanwhile, or nobody here can tell whose it is", left, e);
    }
  }

  @Override
  public void write(int one) throws IOException {
    write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int at = offset;
    int end = offset + length;
    while (at < end) {
      int count = Math.min(end - at, buffer.remaining());
      buffer.put(bytes, at, count);
      at += count;
      if (!buffer.hasRemaining()) {
        drain();
      }
    }
  }

  private void drain() throws IOException {
    buffer.flip();
    int count = buffer.remaining();
    file.write(buffer, position);
    position += count;
    buffer.clear();
  }

  /**
   * Makes it share the bytes of {@code from} until either is written to. False, and nothing
   * changed, where the file system cannot. Before anything is written.
   */
  boolean clone(Path from) throws IOException {
    file.close();
    disk.delete(part);
    release();
    if (disk.cloneFile(from, part) && hold()) {
      file = disk.reopen(part);
      return true;
    }
    part = fresh();
    file = begin();
    return false;
  }

  private void release() throws IOException {
    if (lock != null) {
      lock.close();
      lock = null;
    }
  }

  /** For reading what it has. */
  ReadableFile open() throws IOException {
    return disk.openQuietly(part);
  }

  long size() {
    return position + buffer.position();
  }

  /** Closing before this leaves nothing. */
  void publish(int mode) throws IOException {
    drain();
    disk.chmod(part, mode);
    file.sync();
    file.close();
    disk.rename(part, name);
    disk.syncDirectory(parent());
    release();
    done = true;
  }

  @Override
  public void close() throws IOException {
    if (!done) {
      done = true;
      try {
        file.close();
      } finally {
        disk.delete(part);
        release();
      }
    }
  }
}
