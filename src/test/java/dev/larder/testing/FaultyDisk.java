package dev.larder.testing;

import dev.larder.content.Disk;
import dev.larder.content.ForwardingFile;
import dev.larder.content.ReadableFile;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Passes everything on to another disk, until an operation was told to fail: once, at its nth call
 * from now on paths that end in a given text.
 */
public final class FaultyDisk extends ForwardingDisk {
  /** What can fail. */
  public enum Op {
    CREATE,
    WRITE,
    SYNC,
    SYNC_DIRECTORY,
    LINK,
    RENAME,
    DELETE,
    CHMOD,
    OPEN
  }

  private record Fault(String pathEnd, AtomicInteger callsLeft, String reason) {}

  private record Watch(String pathEnd, Runnable action) {}

  private final ConcurrentMap<Op, Fault> faults = new ConcurrentHashMap<>();
  private final ConcurrentMap<Op, Watch> watches = new ConcurrentHashMap<>();

  public FaultyDisk(Disk disk) {
    super(disk);
  }

  /**
   * {@code nth} counts from 1. {@code reason}: as the system says it, such as "Input/output error".
   */
  public void fail(Op op, String pathEnd, int nth, String reason) {
    faults.put(op, new Fault(pathEnd, new AtomicInteger(nth), reason));
  }

  /** {@code action} runs before each such operation from now on, on the thread that wants it. */
  public void watch(Op op, String pathEnd, Runnable action) {
    watches.put(op, new Watch(pathEnd, action));
  }

  /** Whether every fault has struck. */
  public boolean allStruck() {
    return faults.isEmpty();
  }

  private void pass(Op op, Path path) throws IOException {
    Watch watch = watches.get(op);
    if (watch != null && path.toString().endsWith(watch.pathEnd())) {
      watch.action().run();
    }
    Fault fault = faults.get(op);
    if (fault != null
        && path.toString().endsWith(fault.pathEnd())
        && fault.callsLeft().decrementAndGet() == 0) {
      faults.remove(op);
      throw new FileSystemException(path.toString(), null, fault.reason());
    }
  }

  @Override
  public WritableFile create(Path path) throws IOException {
    pass(Op.CREATE, path);
    return new FaultyFile(disk.create(path), path);
  }

  @Override
  public WritableFile reopen(Path path) throws IOException {
    pass(Op.OPEN, path);
    return new FaultyFile(disk.reopen(path), path);
  }

  @Override
  public FileChannel openRead(Path path) throws IOException {
    pass(Op.OPEN, path);
    return disk.openRead(path);
  }

  @Override
  public ReadableFile openQuietly(Path path) throws IOException {
    pass(Op.OPEN, path);
    return disk.openQuietly(path);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    pass(Op.LINK, name);
    disk.link(existing, name);
  }

  @Override
  public boolean cloneFile(Path from, Path to) throws IOException {
    pass(Op.LINK, to);
    return disk.cloneFile(from, to);
  }

  @Override
  public void symlink(Path name, Path target) throws IOException {
    pass(Op.LINK, name);
    disk.symlink(name, target);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    pass(Op.RENAME, to);
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    pass(Op.DELETE, path);
    disk.delete(path);
  }

  @Override
  public void syncFile(Path path) throws IOException {
    pass(Op.SYNC, path);
    disk.syncFile(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    pass(Op.SYNC_DIRECTORY, directory);
    disk.syncDirectory(directory);
  }

  @Override
  public void chmod(Path path, int mode) throws IOException {
    pass(Op.CHMOD, path);
    disk.chmod(path, mode);
  }

  private final class FaultyFile extends ForwardingFile {
    private final Path path;

    FaultyFile(WritableFile file, Path path) {
      super(file);
      this.path = path;
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      pass(Op.WRITE, path);
      super.write(data, position);
    }

    @Override
    public void sync() throws IOException {
      pass(Op.SYNC, path);
      super.sync();
    }
  }
}
