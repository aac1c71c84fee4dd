package dev.larder.testing;

import dev.larder.content.Disk;
import dev.larder.content.ForwardingFile;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A disk of a process that is killed before its nth change: from then on nothing changes any more,
 * whatever is tried on the way out, unless it is told otherwise.
 */
public final class DyingDisk extends ForwardingDisk {
  private int left;

  /** The process is gone. */
  public static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  public DyingDisk(Disk disk, int changes) {
    super(disk);
    this.left = changes;
  }

  /** So many changes are left from now on. */
  public void dieAfter(int changes) {
    left = changes;
  }

  private void live() {
    if (left-- <= 0) {
      throw new Killed();
    }
  }

  @Override
  public WritableFile create(Path path) throws IOException {
    live();
    return new Written(disk.create(path));
  }

  @Override
  public WritableFile reopen(Path path) throws IOException {
    return new Written(disk.reopen(path));
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    live();
    disk.link(existing, name);
  }

  @Override
  public boolean cloneFile(Path from, Path to) throws IOException {
    live();
    return disk.cloneFile(from, to);
  }

  @Override
  public void symlink(Path name, Path target) throws IOException {
    live();
    disk.symlink(name, target);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    live();
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    live();
    disk.delete(path);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    live();
    disk.createDirectories(directory);
  }

  @Override
  public void syncFile(Path path) throws IOException {
    live();
    disk.syncFile(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    live();
    disk.syncDirectory(directory);
  }

  @Override
  public void chmod(Path path, int mode) throws IOException {
    live();
    disk.chmod(path, mode);
  }

  @Override
  public void setTimes(Path path, long modifiedNanos, long accessedNanos) throws IOException {
    live();
    disk.setTimes(path, modifiedNanos, accessedNanos);
  }

  private final class Written extends ForwardingFile {
    Written(WritableFile file) {
      super(file);
    }

    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      live();
      super.write(data, position);
    }

    @Override
    public void sync() throws IOException {
      live();
      super.sync();
    }
  }
}
