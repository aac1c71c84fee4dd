package dev.larder.testing;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.ReadableFile;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Passes everything on to another disk. */
public abstract class ForwardingDisk implements Disk {
  final Disk disk;

  protected ForwardingDisk(Disk disk) {
    this.disk = disk;
  }

  @Override
  public WritableFile create(Path path) throws IOException {
    return disk.create(path);
  }

  @Override
  public WritableFile reopen(Path path) throws IOException {
    return disk.reopen(path);
  }

  @Override
  public FileChannel openRead(Path path) throws IOException {
    return disk.openRead(path);
  }

  @Override
  public ReadableFile openQuietly(Path path) throws IOException {
    return disk.openQuietly(path);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    disk.link(existing, name);
  }

  @Override
  public boolean cloneFile(Path from, Path to) throws IOException {
    return disk.cloneFile(from, to);
  }

  @Override
  public void symlink(Path name, Path target) throws IOException {
    disk.symlink(name, target);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    disk.rename(from, to);
  }

  @Override
  public void delete(Path path) throws IOException {
    disk.delete(path);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    disk.createDirectories(directory);
  }

  @Override
  public void syncFile(Path path) throws IOException {
    disk.syncFile(path);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    disk.syncDirectory(directory);
  }

  @Override
  public void chmod(Path path, int mode) throws IOException {
    disk.chmod(path, mode);
  }

  @Override
  public void setTimes(Path path, long modifiedNanos, long accessedNanos) throws IOException {
    disk.setTimes(path, modifiedNanos, accessedNanos);
  }

  @Override
  public Optional<FileStat> stat(Path path) throws IOException {
    return disk.stat(path);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return disk.list(directory);
  }

  @Override
  public long freeBytes(Path path) throws IOException {
    return disk.freeBytes(path);
  }
}
