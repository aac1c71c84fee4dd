package dev.larder.hubcache;

import dev.larder.content.Disk;
import dev.larder.content.FileStat;
import dev.larder.content.WritableFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Just enough of a disk, by Java's own means. */
class PlainDisk implements Disk {
  @Override
  public WritableFile create(Path path) throws IOException {
    return new PlainFile(
        FileChannel.open(
            path,
            StandardOpenOption.READ,
            StandardOpenOption.WRITE,
            StandardOpenOption.CREATE_NEW));
  }

  @Override
  public WritableFile reopen(Path path) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel openRead(Path path) throws IOException {
    return FileChannel.open(path, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
  }

  @Override
  public void link(Path existing, Path name) throws IOException {
    Files.createLink(name, existing);
  }

  @Override
  public void symlink(Path name, Path target) throws IOException {
    Files.createSymbolicLink(name, target);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    Files.createDirectories(directory);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  @Override
  public void chmod(Path path, int mode) throws IOException {
    Files.setAttribute(path, "unix:mode", mode);
  }

  @Override
  public Optional<FileStat> stat(Path path) throws IOException {
    try {
      Map<String, Object> a = Files.readAttributes(path, "unix:*", LinkOption.NOFOLLOW_LINKS);
      int mode = (int) a.get("mode");
      FileStat.Kind kind =
          switch (mode & 0170000) {
            case 0100000 -> FileStat.Kind.FILE;
            case 0040000 -> FileStat.Kind.DIRECTORY;
            case 0120000 -> FileStat.Kind.SYMLINK;
            default -> FileStat.Kind.OTHER;
          };
      return Optional.of(
          new FileStat(
              kind,
              (long) a.get("dev"),
              (long) a.get("ino"),
              (int) a.get("nlink"),
              mode & 07777,
              (long) a.get("size"),
              nanos(a.get("lastModifiedTime")),
              nanos(a.get("ctime")),
              nanos(a.get("lastAccessTime"))));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  private static long nanos(Object time) {
    return ((FileTime) time).to(TimeUnit.NANOSECONDS);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    try (var names = Files.list(directory)) {
      return names.sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  @Override
  public long freeBytes(Path path) {
    return Long.MAX_VALUE;
  }

  private record PlainFile(FileChannel channel) implements WritableFile {
    @Override
    public void write(ByteBuffer data, long position) throws IOException {
      for (long at = position; data.hasRemaining(); ) {
        at += channel.write(data, at);
      }
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
}
